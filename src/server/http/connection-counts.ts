/** Counts the open connections of each key (an address or a person), up to a limit. */
export class ConnectionCounts {
  readonly #limit: number
  readonly #open = new Map<string, number>()

  constructor(limit: number) {
    this.#limit = limit
  }

  isFull(key: string): boolean {
    return (this.#open.get(key) ?? 0) >= this.#limit
  }

  enter(key: string): void {
    this.#open.set(key, (this.#open.get(key) ?? 0) + 1)
  }

  /** Call it once for each `enter` */
  leave(key: string): void {
    const left = (this.#open.get(key) ?? 1) - 1
    if (left > 0) this.#open.set(key, left)
    else this.#open.delete(key)
  }
}
