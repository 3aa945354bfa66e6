// The chats in which one search finds a message: page by page, each chat once. They are as the search found them, but for
// whether they are archived.
import { batch, signal } from '@preact/signals'
import type { FoundMessage, FoundPage, SupportChatListItem } from '../../protocol/types.ts'
import type { LoadState } from './chat-rows.ts'

/** Requests for one page: an answer may hold nothing but chats that are here already */
const TRIES = 3

export type SearchMessages = (query: { q: string; cursor?: string }) => Promise<FoundPage>

export class FoundMessages {
  readonly q: string
  readonly rows = signal<readonly FoundMessage[]>([])
  readonly state = signal<LoadState>('loading')
  /** `paused`: there may be more, and the person decides whether to look further */
  readonly more = signal<'none' | 'idle' | 'paused' | 'loading' | 'error'>('none')
  /** ISO 8601; where the server stopped looking, because the words are too common */
  readonly searchedTo = signal<string | null>(null)
  readonly #search: SearchMessages
  #next: string | undefined
  #isLoading = false
  #isClosed = false

  constructor(q: string, search: SearchMessages) {
    this.q = q
    this.#search = search
  }

  /** The first page, the next one, or again what failed; never rejects */
  async load(): Promise<void> {
    if (this.#isLoading) return
    this.#isLoading = true
    const isFirst = this.state.value !== 'ready'
    if (isFirst) this.state.value = 'loading'
    else this.more.value = 'loading'
    try {
      let isEnough = false
      for (let tries = 1; !isEnough && tries <= TRIES; tries++) isEnough = await this.#page()
      if (!isEnough && !this.#isClosed) this.more.value = 'paused'
    } catch {
      if (this.#isClosed) return
      if (isFirst) this.state.value = 'error'
      else this.more.value = 'error'
    } finally {
      this.#isLoading = false
    }
  }

  /** Resolves to whether it is enough for now */
  async #page(): Promise<boolean> {
    const page = await this.#search({ q: this.q, ...(this.#next === undefined ? {} : { cursor: this.#next }) })
    if (this.#isClosed) return true
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

  /** The chat was erased */
  drop(id: string): void {
    if (this.rows.value.some((row) => row.chat_id === id))
      this.rows.value = this.rows.value.filter((row) => row.chat_id !== id)
  }

  /** An answer that is still on its way changes nothing any more */
  close(): void {
    this.#isClosed = true
  }
}
