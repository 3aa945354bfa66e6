// Whether this node should get traffic: it has started, is not shutting down, and its database answers.
import type { Store } from '../server/ports/store/store.ts'
import { within } from './within.ts'

export type Readiness = 'ok' | 'starting' | 'draining' | 'database'

/** How long the database may take to answer, and how long an answer is reused (ms): many requests cost one query */
const PATIENCE = 1_500
const HOLDS = 500
/** How often the database is asked when no request does (ms) */
const LOOK_EVERY = 5_000

export interface Watch {
  /** Undefined: the database is back */
  onDatabase(error: Error | undefined): void
  /** The database was put back to an earlier state under this server */
  onRestored(): void
}

export class Health {
  draining = false
  readonly #watch: Watch
  #store: Store | undefined
  #last: Promise<boolean> | undefined
  #lastAt = 0
  #away = false
  #timer: NodeJS.Timeout | undefined

  constructor(watch: Watch) {
    this.#watch = watch
  }

  /** The store is open: from now on readiness depends on it */
  started(store: Store): void {
    this.#store = store
    this.#timer = setInterval(() => void this.#answers(), LOOK_EVERY)
    this.#timer.unref()
  }

  async state(): Promise<Readiness> {
    if (this.draining) return 'draining'
    if (!this.#store) return 'starting'
    return (await this.#answers()) ? 'ok' : 'database'
  }

  /** Resolves once the database is no longer asked */
  async stop(): Promise<void> {
    this.draining = true
    clearInterval(this.#timer)
    await this.#last
  }

  #answers(): Promise<boolean> {
    if (this.#last && Date.now() < this.#lastAt + HOLDS) return this.#last
    this.#lastAt = Date.now()
    return (this.#last = this.#ask())
  }

  async #ask(): Promise<boolean> {
    const store = this.#store
    if (!store || this.draining) return false
    try {
      const { epoch } = await within(PATIENCE, store.ping())
      if (this.#away) this.#watch.onDatabase(undefined)
      this.#away = false
      if (epoch !== store.epoch && !this.draining) this.#watch.onRestored()
      return true
    } catch (error) {
      if (!this.#away && !this.draining) this.#watch.onDatabase(error as Error)
      this.#away = true
      return false
    }
  }
}
