// The rows of one tab (or one search), kept sorted while messages arrive. While the pointer is over the list the order
// is held, so that nothing moves under it; what changed is applied in place and counted in `waiting`.
import { batch, signal } from '@preact/signals'
import type { ChatListPage } from '../client/staff/staff-api.ts'
import type { SupportChatListItem } from '../protocol/types.ts'
import { api } from './link.ts'

const PAGE = 50
const NEXT_PAGE = 100
const REFRESH_PAGE = 200

export type LoadState = 'loading' | 'ready' | 'error'

const newestFirst = (a: SupportChatListItem, b: SupportChatListItem): number => {
  const [x, y] = [a.last_message_at ?? '', b.last_message_at ?? '']
  if (x !== y) return x < y ? 1 : -1
  return a.id < b.id ? 1 : -1
}

export class Inbox {
  readonly archived: boolean
  readonly q: string
  readonly rows = signal<readonly SupportChatListItem[]>([])
  readonly state = signal<LoadState>('loading')
  readonly more = signal<'none' | 'idle' | 'loading' | 'error'>('none')
  /** Chats with a new message that are not yet where they belong */
  readonly waiting = signal(0)

  readonly #known = new Map<string, SupportChatListItem>()
  readonly #moved = new Set<string>()
  /** What the socket said while a refresh was under way: newer than the refresh's answer */
  readonly #meanwhile = new Map<string, SupportChatListItem>()
  #cursor: string | null = null
  #held = false
  #started = false
  #busy = false
  #closed = false
  #refreshAgain = false
  #publishing = false

  constructor(archived: boolean, q: string) {
    this.archived = archived
    this.q = q
  }

  start(): void {
    if (this.#started) return
    this.#started = true
    void this.refresh()
  }

  close(): void {
    this.#closed = true
  }

  row(id: string): SupportChatListItem | undefined {
    return this.#known.get(id)
  }

  /** Loads as many rows as are there already, and at least one page: after a reconnect, and on "Try again" */
  async refresh(): Promise<void> {
    if (!this.#started) return
    if (this.#busy) {
      this.#refreshAgain = true
      return
    }
    this.#busy = true
    this.#meanwhile.clear()
    const wanted = Math.max(PAGE, this.#known.size)
    if (this.state.value === 'error') this.state.value = 'loading'
    try {
      const fresh = new Map<string, SupportChatListItem>()
      let cursor: string | null = null
      do {
        const page: ChatListPage = await this.#page(cursor, Math.min(REFRESH_PAGE, wanted - fresh.size))
        for (const chat of page.chats) fresh.set(chat.id, chat)
        cursor = page.chats.length === 0 ? null : page.next
      } while (cursor !== null && fresh.size < wanted)
      batch(() => {
        for (const id of this.#known.keys()) if (!fresh.has(id)) this.#known.delete(id)
        for (const chat of [...fresh.values(), ...this.#meanwhile.values()]) this.#known.set(chat.id, chat)
        this.#cursor = cursor
        this.more.value = cursor === null ? 'none' : 'idle'
        this.state.value = 'ready'
        this.#publish(!this.#held)
      })
    } catch {
      // With rows on the screen a failed refresh is no news: the next reconnect tries again
      if (this.#known.size === 0 && !this.#closed) this.state.value = 'error'
    } finally {
      this.#done()
    }
  }

  /**
   * Asks for the first page alone, which is where something happens; false while other requests are under way.
   * @throws ApiError when there is no answer
   */
  async poll(): Promise<boolean> {
    if (!this.#started || this.#busy) return false
    const { chats } = await this.#page(null, PAGE)
    // Another request is nearer to the present than this one
    if (this.#busy || this.#closed) return true
    const last = chats.at(-1)
    const reaches = (chat: SupportChatListItem): boolean =>
      last === undefined || chats.length < PAGE || newestFirst(chat, last) < 0
    const there = new Set(chats.map((chat) => chat.id))
    // What ought to be on this page and is not has moved to the other tab. A search has another order
    if (this.q === '') for (const [id, chat] of this.#known) if (!there.has(id) && reaches(chat)) this.#known.delete(id)
    for (const chat of chats) this.apply(chat)
    this.#soon()
    return true
  }

  async loadMore(): Promise<void> {
    if (this.#cursor === null || this.#busy) return
    this.#busy = true
    this.more.value = 'loading'
    try {
      const page = await this.#page(this.#cursor, NEXT_PAGE)
      batch(() => {
        // A row that is known came by socket, and is at least as new
        for (const chat of page.chats) if (!this.#known.has(chat.id)) this.#known.set(chat.id, chat)
        this.#cursor = page.chats.length === 0 ? null : page.next
        this.more.value = this.#cursor === null ? 'none' : 'idle'
        this.#publish(!this.#held, page.chats)
      })
    } catch {
      if (!this.#closed) this.more.value = 'error'
    } finally {
      this.#done()
    }
  }

  #done(): void {
    this.#busy = false
    const again = this.#refreshAgain
    this.#refreshAgain = false
    if (again && !this.#closed) void this.refresh()
  }

  #page(cursor: string | null, limit: number): Promise<ChatListPage> {
    return api.adminChats({ archived: this.archived, q: this.q, limit, ...(cursor === null ? {} : { cursor }) })
  }

  /** A row of the server's list changed, or is new */
  apply(chat: SupportChatListItem): void {
    if (!this.#started) return
    const before = this.#known.get(chat.id)
    if (before === undefined && (!this.#belongs(chat) || !this.#loaded(chat))) return
    if (this.#busy) this.#meanwhile.set(chat.id, chat)
    this.#known.set(chat.id, chat)
    if (chat.last_message_sender === 'user' && before?.last_message_at !== chat.last_message_at)
      this.#moved.add(chat.id)
    this.#soon()
  }

  /** While held, the order stays */
  hold(held: boolean): void {
    if (this.#held === held) return
    this.#held = held
    if (!held) this.settle()
  }

  /** Puts every row where it belongs, now */
  settle(): void {
    batch(() => this.#publish(true))
  }

  #belongs(chat: SupportChatListItem): boolean {
    return chat.archived === this.archived && chat.user_email.toLowerCase().includes(this.q.toLowerCase())
  }

  /** Whether the row's place is within what is loaded; if not, scrolling will bring it */
  #loaded(chat: SupportChatListItem): boolean {
    if (this.#cursor === null) return true
    const last = this.rows.value.at(-1)
    return last === undefined || newestFirst(chat, last) < 0
  }

  /** A burst of events is one re-render */
  #soon(): void {
    if (this.#publishing) return
    this.#publishing = true
    setTimeout(() => {
      this.#publishing = false
      batch(() => this.#publish(!this.#held))
    }, 50)
  }

  #publish(sort: boolean, appended: readonly SupportChatListItem[] = []): void {
    if (sort || this.rows.value.length === 0) {
      for (const [id, chat] of this.#known) if (!this.#belongs(chat)) this.#known.delete(id)
      this.#moved.clear()
      this.waiting.value = 0
      this.rows.value = [...this.#known.values()].sort(newestFirst)
      return
    }
    const held = new Map<string, SupportChatListItem>()
    for (const { id } of [...this.rows.value, ...appended]) {
      const chat = this.#known.get(id)
      if (chat !== undefined) held.set(id, chat)
    }
    this.rows.value = [...held.values()]
    const first = this.rows.value[0]?.id
    for (const id of this.#moved) if (id === first || !this.#known.has(id)) this.#moved.delete(id)
    this.waiting.value = this.#moved.size
  }
}
