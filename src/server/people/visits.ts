import { isoTime, type Clock } from '../ports/clock.ts'
import type { Person } from '../ports/store/people.ts'
import type { Store } from '../ports/store/store.ts'

/** Of those whose details changed in one batch, so many are shown to staff at once; the others when their chats are loaded anew */
const MAX_SHOWN = 100
/** Visits are written in batches, this often (ms) */
const WRITE_EVERY = 1_000

export interface VisitsOptions {
  store: Pick<Store, 'updatePeople' | 'findChatOf'>
  clock: Clock
  onError: (error: unknown) => void
  /** Called with the chat of a person whose e-mail address, name or attributes changed */
  onDescribed: (chatId: string) => void
}

/**
 * Records when people were last here, and on which page. After a restart all clients reconnect at once, so visits are collected and
 * written in one transaction. Visits that are lost when a process dies are recorded again at the person's next request.
 */
export class Visits {
  readonly #options: VisitsOptions
  readonly #people = new Map<string, Person>()
  #cancel: (() => void) | undefined
  #closed = false

  constructor(options: VisitsOptions) {
    this.#options = options
  }

  note(person: Person): void {
    if (this.#closed) return
    // A request without a page, or without attributes, keeps those of an earlier one
    const earlier = this.#people.get(person.id)
    const page_url = person.page_url ?? earlier?.page_url
    const attributes = person.attributes ?? earlier?.attributes
    this.#people.set(person.id, { ...person, page_url, attributes })
    this.#cancel ??= this.#options.clock.after(WRITE_EVERY, () => {
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
    const { store, clock, onError, onDescribed } = this.#options
    try {
      const changed = await store.updatePeople(people, isoTime(clock.now()))
      for (const id of changed.slice(0, MAX_SHOWN)) {
        const chat = await store.findChatOf(id)
        if (chat) onDescribed(chat.id)
      }
    } catch (error) {
      onError(error)
    }
  }
}
