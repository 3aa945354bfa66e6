/** Characters that wait at most, and what each hint counts on top of its own; more is lost */
const MAX_WAITING = 4_000_000
const OVERHEAD = 100
/** Hints, and characters, in one batch */
const MAX_BATCH = 1_000
const MAX_BATCH_SIZE = 256_000

/** The hints that wait to be sent over one link: a batch per turn of the event loop, one batch under way at a time. */
export class Outgoing {
  readonly #send: (hints: readonly string[]) => Promise<unknown>
  readonly #failed: (error: Error) => void
  #waiting: string[] = []
  #size = 0
  #run: Promise<void> | undefined
  #stopped = false

  constructor(send: (hints: readonly string[]) => Promise<unknown>, failed: (error: Error) => void) {
    this.#send = send
    this.#failed = failed
  }

  add(hint: string): void {
    if (this.#stopped || this.#size + sizeOf(hint) > MAX_WAITING) return
    this.#waiting.push(hint)
    this.#size += sizeOf(hint)
    this.#run ??= this.#sendAll()
  }

  /** Resolves once everything has been sent */
  async idle(): Promise<void> {
    await this.#run
  }

  /** Drops what waits */
  stop(): void {
    this.#stopped = true
    this.#waiting = []
  }

  async #sendAll(): Promise<void> {
    await new Promise(setImmediate)
    try {
      while (this.#waiting.length > 0) await this.#send(this.#take())
    } catch (error) {
      if (!this.#stopped) this.#failed(error as Error)
    }
    this.#run = undefined
  }

  #take(): string[] {
    let count = 0
    let size = 0
    for (const hint of this.#waiting) {
      if (count === MAX_BATCH || (count > 0 && size + sizeOf(hint) > MAX_BATCH_SIZE)) break
      count++
      size += sizeOf(hint)
    }
    this.#size -= size
    return this.#waiting.splice(0, count)
  }
}

const sizeOf = (hint: string): number => hint.length + OVERHEAD
