// Who listens to something that is live: it begins with the first listener, and ends some time after the last.

/** How long (ms) it stays after the last listener: a view that replaces another one takes it over */
const LINGERS = 1_000

export interface LiveListenersOptions {
  /** Called soon after each new listener, when all that is to happen in the same turn has happened */
  added: () => void
  /** Nobody has listened for a second */
  left: () => void
}

export class LiveListeners {
  readonly #options: LiveListenersOptions
  // Each time its own object, since the same function may listen twice
  readonly #entries = new Set<{ call: () => void }>()
  #leaving: ReturnType<typeof setTimeout> | undefined

  constructor(options: LiveListenersOptions) {
    this.#options = options
  }

  get any(): boolean {
    return this.#entries.size > 0
  }

  call(): void {
    for (const { call } of this.#entries) call()
  }

  /** @returns a function that ends it */
  add(listener: () => void): () => void {
    const entry = { call: listener }
    this.#entries.add(entry)
    clearTimeout(this.#leaving)
    queueMicrotask(this.#options.added)
    return () => {
      if (this.#entries.delete(entry) && !this.any) this.#leaving = setTimeout(this.#options.left, LINGERS)
    }
  }
}
