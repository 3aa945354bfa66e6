import { isoTime, type Clock } from '../ports/clock.ts'
import type { HostUsers } from './host-users.ts'
import type { Person, Visit } from '../ports/store/people.ts'
import type { Store } from '../ports/store/store.ts'

/** Visits are written in batches, this often (ms) */
const WRITE_EVERY = 1_000

export interface VisitsOptions {
  store: Pick<Store, 'updatePeople'>
  clock: Clock
  onError: (error: unknown) => void
  /** Where the host has a table of users, that says who they are; their credentials may be older */
  hostUsers: HostUsers | null
  /** Called with the ids of those whose e-mail address, name or attributes changed */
  onDescribed: (userIds: string[]) => void
  /** It writes when `write` is called, and starts no timer. Default: false */
  onDemand?: boolean
}

/**
 * Records when people were last here, and on which page. After a restart all clients reconnect at once, so visits are collected and
 * written in one transaction. Visits that are lost when a process dies are recorded again at the person's next request.
 */
export class Visits {
  readonly #options: VisitsOptions
  readonly #people = new Map<string, Visit>()
  #cancel: (() => void) | undefined
  #closed = false

  constructor(options: VisitsOptions) {
    this.#options = options
  }

  note(person: Visit): void {
    if (this.#closed) return
    // A request without a page, or without attributes, keeps those of an earlier one
    const earlier = this.#people.get(person.id)
    const page_url = person.page_url ?? earlier?.page_url
    const attributes = person.attributes ?? earlier?.attributes
    this.#people.set(person.id, { ...person, page_url, attributes })
    if (this.#options.onDemand) return
    this.#cancel ??= this.#options.clock.after(WRITE_EVERY, () => {
      this.#cancel = undefined
      void this.#flush()
    })
  }

  /** Writes what was collected; undefined: nothing was. Never rejects */
  write(): Promise<void> | undefined {
    return this.#people.size === 0 ? undefined : this.#flush()
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
    const { store, clock, onError, onDescribed, hostUsers } = this.#options
    try {
      const named = people.filter((person): person is Person => person.email !== undefined)
      const others = people.filter(({ email }) => email === undefined)
      const visits = [...((await hostUsers?.visits(named)) ?? named), ...others]
      const changed = await store.updatePeople(visits, isoTime(clock.now()))
      if (changed.length > 0) onDescribed(changed)
    } catch (error) {
      onError(error)
    }
  }
}
