import { isoTime, type Clock } from '../ports/clock.ts'
import type { Person } from '../ports/store/people.ts'
import type { Store } from '../ports/store/store.ts'

/** Visits are written in batches, this often (ms) */
const WRITE_EVERY = 1_000

/**
 * Records when people were last here, and on which page. After a restart all clients reconnect at once, so visits are collected and
 * written in one transaction. Visits that are lost when a process dies are recorded again at the person's next request.
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
    // A request without a page keeps the page of an earlier one
    const page_url = person.page_url ?? this.#people.get(person.id)?.page_url
    this.#people.set(person.id, { ...person, page_url })
    this.#cancel ??= this.#clock.after(WRITE_EVERY, () => {
      this.#cancel = undefined
      void this.#flush()
    })
  }

  /** Writes the collected visits and ignores later ones */
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
    await this.#store.updatePeople(people, isoTime(this.#clock.now())).catch(this.#onError)
  }
}
