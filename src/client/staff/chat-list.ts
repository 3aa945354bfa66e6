// The chats of one tab, or of a search in it, page by page, and kept current by events.
import type { SupportChatListItem } from '../../protocol/types.ts'
import { toApiError, type ApiError } from '../api-error.ts'
import { belongsTo, isWhose, longestWaitFirst, newestFirst, type Whose } from './list-order.ts'
import { searchOrder } from './search-order.ts'
import type { ChatListPage, ListQuery } from './staff-api.ts'

/** Rows in a page, and the most that are loaded again after an outage */
const PAGE = 50
const REFRESHED = 200

export interface ChatListState {
  status: 'loading' | 'ready' | 'error'
  /** The last request for the list failed */
  error: ApiError | null
  chats: readonly SupportChatListItem[]
  /** More chats follow the last one here */
  hasMore: boolean
  loadingMore: boolean
  /** The server can search messages */
  searchable: boolean
}

export interface ChatListOptions {
  load: (query: ListQuery) => Promise<ChatListPage>
  archived: boolean
  /** Words of a name, or the beginning of an address; empty for all */
  q: string
  /** Whose chats; null: everybody's, as in every search */
  assignee: Whose | null
  /** Only chats with this tag; null: all, as in every search */
  tag: string | null
  /** Only active chats in which the user waits, the longest wait first; a search looks at all */
  waiting: boolean
  /** Who asks, as a `personTag` */
  person: () => string | null
  changed: () => void
}

export const EMPTY_LIST: ChatListState = {
  status: 'loading',
  error: null,
  chats: [],
  hasMore: false,
  loadingMore: false,
  searchable: false,
}

export class ChatList {
  readonly #options: ChatListOptions
  readonly #belongs: (chat: SupportChatListItem) => boolean
  readonly #compare: (a: SupportChatListItem, b: SupportChatListItem) => number
  #state = EMPTY_LIST
  /** Where the next page begins; null when everything is loaded */
  #next: { cursor: string; after: SupportChatListItem } | null = null
  /** What came by events since the request that is under way, and is newer than its answer. null: erased */
  #meanwhile: Map<string, SupportChatListItem | null> | null = null
  #again = false
  #isClosed = false

  constructor(options: ChatListOptions) {
    this.#options = options
    const { archived, q, assignee, tag, waiting, person } = options
    const isTheirs = isWhose(assignee, person)
    const isShown = (chat: SupportChatListItem) =>
      isTheirs(chat) && (tag === null || chat.tags.includes(tag)) && (!waiting || chat.waiting_since !== null)
    const search = q === '' ? null : searchOrder(q)
    this.#belongs = belongsTo(archived, search?.isFound ?? isShown)
    this.#compare = search?.compare ?? (waiting ? longestWaitFirst : newestFirst)
  }

  get state(): ChatListState {
    return this.#state
  }

  /**
   * Loads again what is there, and at least one page. Resolves to the error, or to null: it worked, or another request is under
   * way and this one follows it.
   */
  async refresh(): Promise<ApiError | null> {
    this.#again = this.#meanwhile !== null
    if (this.#again) return null
    const limit = Math.min(REFRESHED, Math.max(PAGE, this.#state.chats.length))
    return this.#request({ limit }, ({ chats, next, searchable }) => {
      this.#setNext(next, chats)
      this.#patch({ status: 'ready', error: null, searchable }, chats)
    })
  }

  /** Never rejects: `hasMore` stays when it did not work */
  async loadMore(): Promise<void> {
    if (!this.#next || this.#meanwhile) return
    this.#patch({ loadingMore: true })
    await this.#request({ limit: PAGE, cursor: this.#next.cursor }, ({ chats, next }) => {
      const held = this.#state.chats.filter(({ id }) => !chats.some((chat) => chat.id === id))
      this.#setNext(next, chats)
      this.#patch({}, [...held, ...chats])
    })
    this.#patch({ loadingMore: false })
  }

  /** A row of the server's list changed, or is new */
  apply(chat: SupportChatListItem): void {
    this.#meanwhile?.set(chat.id, chat)
    this.#patch({}, [...this.#state.chats.filter(({ id }) => id !== chat.id), chat])
  }

  /** The chat and its user were erased */
  drop(id: string): void {
    this.#meanwhile?.set(id, null)
    this.#patch(
      {},
      this.#state.chats.filter((chat) => chat.id !== id),
    )
  }

  /** Answers that are still on their way change nothing any more */
  close(): void {
    this.#isClosed = true
  }

  async #request(query: ListQuery, take: (page: ChatListPage) => void): Promise<ApiError | null> {
    const { load, archived, q, assignee, tag, waiting } = this.#options
    const filter =
      q !== '' ? { q } : { ...(assignee && { assignee }), ...(tag && { tag }), ...(waiting && { waiting }) }
    const meanwhile = (this.#meanwhile = new Map<string, SupportChatListItem | null>())
    try {
      const page = await load({ archived, ...query, ...filter })
      take(page)
      for (const [id, chat] of meanwhile)
        if (chat) this.apply(chat)
        else this.drop(id)
      return null
    } catch (caught) {
      const error = toApiError(caught)
      // With rows on the screen, what failed is repeated in silence
      this.#patch(this.#state.status === 'ready' ? { error } : { error, status: 'error' })
      return error
    } finally {
      this.#meanwhile = null
      if (this.#again && !this.#isClosed) void this.refresh()
    }
  }

  #setNext(cursor: string | null, chats: readonly SupportChatListItem[]): void {
    const after = chats.at(-1)
    this.#next = cursor === null || !after ? null : { cursor, after }
  }

  #patch(change: Partial<ChatListState>, chats?: readonly SupportChatListItem[]): void {
    if (this.#isClosed) return
    const end = this.#next?.after
    // What lies beyond the last page that was loaded comes with its page
    const isHere = (chat: SupportChatListItem): boolean =>
      this.#belongs(chat) && (!end || this.#compare(chat, end) <= 0)
    const rows = chats ? { chats: chats.filter(isHere).sort(this.#compare) } : {}
    this.#state = { ...this.#state, ...change, ...rows, hasMore: this.#next !== null }
    this.#options.changed()
  }
}
