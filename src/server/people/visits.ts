import { isoTime, type Clock } from '../ports/clock.ts'
import type { Person } from '../ports/store/people.ts'
import type { Store } from '../ports/store/store.ts'

/** Visits are written together, this often (ms) */
const WRITE_EVERY = 1_000

/**
 * Notes who is here and on which page. After a restart everybody comes back at once: one transaction for all of them, not one
 * each. A visit that is lost with the process is noted again by the next.
 */
export class Visits {
  readonly #store: Store
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  readonly #people = new Map<string, Person>()
  #cancel: (() => void) | undefined
  #closed = false

  constructor(store: Store, clock: Clock, onError: (error: unknown) => void) {
    this.#store = store
    this.#clock = clock
    this.#onError = onError
  }

  note(person: Person): void {
    if (this.#closed) return
    // A request that names no page leaves the page that another one named
    const page_url = person.page_url ?? this.#people.get(person.id)?.page_url
    this.#people.set(person.id, { ...person, page_url })
    this.#cancel ??= this.#clock.after(WRITE_EVERY, () => {
      this.#cancel = undefined
      void this.#flush()
    })
  }

  /** Writes what was noted, and notes no more: the store may be gone soon */
  async close(): Promise<void> {
    this.#closed = true
    await this.#flush()
  }

  async #flush(): Promise<void> {
    this.#cancel?.()
    this.#cancel = undefined
    const people = [...this.#people.values()]
    this.#people.clear()
    if (people.length === 0) return
    await this.#store.savePeople(people, isoTime(this.#clock.now())).catch(this.#onError)
  }
}
