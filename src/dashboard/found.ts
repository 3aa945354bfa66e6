// What one search finds in messages: page by page, each chat once. A picture of the moment, but for the archive.
import { batch, signal } from '@preact/signals'
import type { FoundMessage, SupportChatListItem } from '../protocol/types.ts'
import type { LoadState } from './inbox.ts'
import { api } from './link.ts'

/** Requests for one page: the answer may hold only chats that are here already */
const TRIES = 3

export class Found {
  readonly q: string
  readonly rows = signal<readonly FoundMessage[]>([])
  readonly state = signal<LoadState>('loading')
  /** `paused`: there may be more, and how far to look for what may not be there is for the person to say */
  readonly more = signal<'none' | 'idle' | 'paused' | 'loading' | 'error'>('none')
  /** Where it stopped looking, because the words are too common */
  readonly searchedTo = signal<string | null>(null)
  #next: string | undefined
  #busy = false
  #closed = false

  constructor(q: string) {
    this.q = q
    void this.load()
  }

  /** The first page, the next one, or what failed again */
  async load(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    const isFirst = this.state.value !== 'ready'
    if (isFirst) this.state.value = 'loading'
    else this.more.value = 'loading'
    try {
      let isEnough = false
      for (let tries = 1; !isEnough && tries <= TRIES; tries++) isEnough = await this.#page()
      if (!isEnough && !this.#closed) this.more.value = 'paused'
    } catch {
      if (this.#closed) return
      if (isFirst) this.state.value = 'error'
      else this.more.value = 'error'
    } finally {
      this.#busy = false
    }
  }

  /** Resolves to whether it is enough for now */
  async #page(): Promise<boolean> {
    const page = await api.adminMessages({ q: this.q, ...(this.#next === undefined ? {} : { cursor: this.#next }) })
    if (this.#closed) return true
    const known = new Set(this.rows.value.map((row) => row.chat_id))
    const fresh = page.found.filter((row) => !known.has(row.chat_id))
    this.#next = page.next ?? undefined
    batch(() => {
      this.rows.value = [...this.rows.value, ...fresh]
      this.searchedTo.value = page.searched_to
      this.more.value = page.next === null ? 'none' : page.searched_to === null ? 'idle' : 'paused'
      this.state.value = 'ready'
    })
    return fresh.length > 0 || page.next === null || page.searched_to !== null
  }

  /** After a reconnect */
  retry(): void {
    if (this.state.value === 'error' || this.more.value === 'error') void this.load()
  }

  /** A row of the server's list changed */
  apply({ id, archived }: Pick<SupportChatListItem, 'id' | 'archived'>): void {
    const isNews = ({ chat_id, archived: before }: FoundMessage): boolean => chat_id === id && before !== archived
    if (!this.rows.value.some(isNews)) return
    this.rows.value = this.rows.value.map((row) => (isNews(row) ? { ...row, archived } : row))
  }

  close(): void {
    this.#closed = true
  }
}
