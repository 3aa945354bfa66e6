// Chats that are loaded page by page in one order and kept current by events. Which chats, and in which order, is for
// tab-list.ts and people-search.ts to say. While the order is held, nothing moves: rows change in place, and `waiting`
// counts what would move.
import { batch, signal } from '@preact/signals'
import type { Whose } from '../../client/staff/list-order.ts'
import type { ChatListPage, ListQuery } from '../../client/staff/staff-api.ts'
import type { SupportChatListItem } from '../../protocol/types.ts'
import type { Clock } from './environment.ts'

/** Rows in the first page, in each next one, and in each page of a refresh */
const FIRST_PAGE = 50
const NEXT_PAGE = 100
const REFRESH_PAGE = 200
/** A burst of events within this time (ms) draws the list once */
const PUBLISH_AFTER = 50

export type LoadState = 'loading' | 'ready' | 'error'
export type MoreState = 'none' | 'idle' | 'loading' | 'error'
export type LoadChats = (query: ListQuery) => Promise<ChatListPage>

export interface ChatRowsOptions {
  load: LoadChats
  clock: Clock
  archived: boolean
  /** Searched for in names and addresses */
  q?: string
  /** Whose chats; null: everybody's */
  assignee?: Whose | null
  /** Only chats with this tag; null: all */
  tag?: string | null
  /** Only those in which somebody waits */
  isOfWaiting?: boolean
  /** Negative when `a` stands before `b`, as the server sorts them */
  compare: (a: SupportChatListItem, b: SupportChatListItem) => number
  belongs: (chat: SupportChatListItem) => boolean
  /** A change that the held order does not show */
  moves: (before: SupportChatListItem | undefined, chat: SupportChatListItem) => boolean
  /** What a refresh loads: as many rows as there were, or all rows up to the last one that was there */
  refreshes: 'as many' | 'as far'
}

export class ChatRows {
  readonly archived: boolean
  readonly rows = signal<readonly SupportChatListItem[]>([])
  readonly state = signal<LoadState>('loading')
  readonly more = signal<MoreState>('none')
  /** Chats that are not shown where they belong, because the order is held */
  readonly waiting = signal(0)

  readonly #options: ChatRowsOptions
  readonly #known = new Map<string, SupportChatListItem>()
  readonly #moved = new Set<string>()
  /** Erased chats, which an older answer may still contain */
  readonly #dropped = new Set<string>()
  /** Events since the request that is under way: newer than its answer. Also says which request is the last one */
  #meanwhile: Map<string, SupportChatListItem> | null = null
  /** Where the next page begins; null when everything is loaded */
  #next: { cursor: string; after: SupportChatListItem } | null = null
  #isHeld = false
  #isStarted = false
  #isLoading = false
  #isPolling = false
  #isClosed = false
  #refreshAgain = false
  #cancelPublish: (() => void) | null = null

  constructor(options: ChatRowsOptions) {
    this.#options = options
    this.archived = options.archived
  }

  /** Loads the first page; does nothing the second time */
  start(): void {
    if (this.#isStarted) return
    this.#isStarted = true
    void this.refresh()
  }

  /** Answers that are still on their way change nothing any more */
  close(): void {
    this.#isClosed = true
    this.#cancelPublish?.()
  }

  /** False for a chat that still stands in the list, and goes when the order is not held any more */
  belongs(chat: SupportChatListItem): boolean {
    return this.#options.belongs(chat)
  }

  row(id: string): SupportChatListItem | undefined {
    return this.#known.get(id)
  }

  /** Loads again what is there, and at least one page; never rejects. After a reconnect, and on "Try again" */
  async refresh(): Promise<void> {
    if (!this.#isStarted || this.#isClosed) return
    if (this.#isLoading) {
      this.#refreshAgain = true
      return
    }
    this.#isLoading = true
    const meanwhile = (this.#meanwhile = new Map<string, SupportChatListItem>())
    if (this.state.value === 'error') this.state.value = 'loading'
    try {
      const { fresh, next } = await this.#loadAgain()
      if (!this.#isClosed) batch(() => this.#replace(fresh, next, meanwhile))
    } catch {
      // With rows on the screen a failed refresh is no news: the next reconnect tries again
      if (this.state.value !== 'ready' && !this.#isClosed) this.state.value = 'error'
    } finally {
      this.#done()
    }
  }

  async #loadAgain(): Promise<{ fresh: SupportChatListItem[]; next: string | null }> {
    const { compare, refreshes } = this.#options
    const wanted = Math.max(FIRST_PAGE, this.#known.size)
    const end = this.#next?.after
    const fresh: SupportChatListItem[] = []
    let next: string | null = null
    let isEnough: boolean
    do {
      const left = wanted - fresh.length
      const page = await this.#page(next, left > 0 ? Math.min(REFRESH_PAGE, left) : NEXT_PAGE)
      fresh.push(...page.chats)
      next = page.chats.length === 0 ? null : page.next
      const last = fresh.at(-1)
      const isFar = end !== undefined && last !== undefined && compare(last, end) >= 0
      // Pages of a search may be short. One is enough to begin with
      const isFirst = this.state.value !== 'ready'
      isEnough = isFirst || (fresh.length >= wanted && (refreshes === 'as many' || isFar))
    } while (next !== null && !isEnough && !this.#isClosed)
    return { fresh, next }
  }

  #replace(fresh: SupportChatListItem[], next: string | null, meanwhile: Map<string, SupportChatListItem>): void {
    const before = new Map(this.#known)
    this.#known.clear()
    this.#setNext(next, fresh)
    for (const chat of fresh) this.#know(chat, before.get(chat.id))
    for (const [id, chat] of meanwhile) if (before.has(id) || this.#isWithin(chat)) this.#know(chat, before.get(id))
    this.state.value = 'ready'
    this.#publish(!this.#isHeld)
  }

  /**
   * Loads the first page alone, which is where something happens; false while other requests are under way.
   * @throws ApiError when there is no answer
   */
  async poll(): Promise<boolean> {
    if (!this.#isStarted || this.#isLoading || this.#isPolling) return false
    this.#isPolling = true
    const meanwhile = (this.#meanwhile = new Map<string, SupportChatListItem>())
    try {
      const { chats, next } = await this.#page(null, FIRST_PAGE)
      // A request that began later is nearer to the present
      if (this.#meanwhile === meanwhile && !this.#isClosed) this.#replaceFirstPage(chats, next === null, meanwhile)
      return true
    } finally {
      this.#isPolling = false
      if (this.#meanwhile === meanwhile) this.#meanwhile = null
    }
  }

  #replaceFirstPage(
    chats: SupportChatListItem[],
    isAll: boolean,
    meanwhile: ReadonlyMap<string, SupportChatListItem>,
  ): void {
    const last = chats.at(-1)
    const ids = new Set(chats.map((chat) => chat.id))
    const isOfPage = (chat: SupportChatListItem): boolean =>
      last === undefined || isAll || this.#options.compare(chat, last) < 0
    // What should be on the page and is not has left the list
    for (const [id, chat] of this.#known)
      if (!ids.has(id) && !meanwhile.has(id) && isOfPage(chat)) this.#known.delete(id)
    for (const chat of chats) if (!meanwhile.has(chat.id)) this.apply(chat)
    if (this.state.value === 'error') void this.refresh()
    else this.#publishSoon()
  }

  /** Never rejects: `more` tells */
  async loadMore(): Promise<void> {
    if (this.#next === null || this.#isLoading) return
    this.#isLoading = true
    const meanwhile = (this.#meanwhile = new Map<string, SupportChatListItem>())
    this.more.value = 'loading'
    try {
      const page = await this.#page(this.#next.cursor, NEXT_PAGE)
      if (this.#isClosed) return
      batch(() => {
        this.#setNext(page.next, page.chats)
        for (const chat of page.chats) if (!this.#dropped.has(chat.id)) this.#known.set(chat.id, chat)
        for (const [id, chat] of meanwhile) if (this.#known.has(id) || this.#isWithin(chat)) this.#known.set(id, chat)
        this.#publish(!this.#isHeld, page.chats)
      })
    } catch {
      if (!this.#isClosed) this.more.value = 'error'
    } finally {
      this.#done()
    }
  }

  /** A row of the server's list changed, or is new */
  apply(chat: SupportChatListItem): void {
    if (!this.#isStarted || this.#isClosed) return
    this.#meanwhile?.set(chat.id, chat)
    const before = this.#known.get(chat.id)
    if (before === undefined && !this.#isWithin(chat)) return
    this.#know(chat, before)
    this.#publishSoon()
  }

  /** The chat was erased, so its row goes at once, even while the order is held */
  drop(id: string): void {
    this.#dropped.add(id)
    this.#meanwhile?.delete(id)
    this.#moved.delete(id)
    if (this.#known.delete(id)) this.#publishSoon()
  }

  /** While held, the order stays */
  hold(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return
    this.#isHeld = isHeld
    if (!isHeld) this.settle()
  }

  /** Puts every row where it belongs, now */
  settle(): void {
    batch(() => this.#publish(true))
  }

  #page(cursor: string | null, limit: number): Promise<ChatListPage> {
    const { load, archived, q, assignee = null, tag = null, isOfWaiting = false } = this.#options
    const filter = {
      ...(q === undefined ? {} : { q }),
      ...(assignee === null ? {} : { assignee }),
      ...(tag === null ? {} : { tag }),
      ...(isOfWaiting ? { waiting: true } : {}),
    }
    return load({ archived, limit, ...filter, ...(cursor === null ? {} : { cursor }) })
  }

  #setNext(cursor: string | null, chats: readonly SupportChatListItem[]): void {
    const after = chats.at(-1)
    this.#next = cursor === null || after === undefined ? null : { cursor, after }
    this.more.value = this.#next === null ? 'none' : 'idle'
  }

  /** It belongs to the list, and its place is in the part that is loaded */
  #isWithin(chat: SupportChatListItem): boolean {
    const { belongs, compare } = this.#options
    return belongs(chat) && (this.#next === null || compare(chat, this.#next.after) < 0)
  }

  #know(chat: SupportChatListItem, before: SupportChatListItem | undefined): void {
    if (this.#dropped.has(chat.id)) return
    this.#known.set(chat.id, chat)
    if (this.#options.moves(before, chat)) this.#moved.add(chat.id)
  }

  #done(): void {
    this.#isLoading = false
    this.#meanwhile = null
    const again = this.#refreshAgain
    this.#refreshAgain = false
    if (again) void this.refresh()
  }

  #publishSoon(): void {
    this.#cancelPublish ??= this.#options.clock.after(PUBLISH_AFTER, () => {
      this.#cancelPublish = null
      batch(() => this.#publish(!this.#isHeld))
    })
  }

  #publish(isSettled: boolean, appended: readonly SupportChatListItem[] = []): void {
    if (isSettled || this.rows.value.length === 0) {
      for (const [id, chat] of this.#known) if (!this.#options.belongs(chat)) this.#known.delete(id)
      this.#moved.clear()
      this.waiting.value = 0
      this.rows.value = [...this.#known.values()].sort(this.#options.compare)
      return
    }
    const inPlace = new Map<string, SupportChatListItem>()
    for (const { id } of [...this.rows.value, ...appended]) {
      const chat = this.#known.get(id)
      if (chat !== undefined) inPlace.set(id, chat)
    }
    this.rows.value = [...inPlace.values()]
    const first = this.rows.value[0]?.id
    for (const id of this.#moved) if (id === first || !this.#known.has(id)) this.#moved.delete(id)
    this.waiting.value = this.#moved.size
  }
}
