// The server's list of chats in memory, for tests: the pages, the order and the match of `GET admin/chats`.
import type { ChatListPage, ListQuery } from '../../client/staff/staff-api.ts'
import { nameMatcher } from '../../protocol/name-search.ts'
import type { SupportChatListItem } from '../../protocol/types.ts'

/** Minutes after nine o'clock */
export const at = (minutes: number): string => new Date(Date.UTC(2026, 2, 2, 9, minutes)).toISOString()

/** A chat of `name`, whose last message is the person's and of the minute `minutes` */
export function chatOf(name: string, minutes: number, change: Partial<SupportChatListItem> = {}): SupportChatListItem {
  return {
    id: `chat ${name}`,
    user_id: name,
    user_email: `${name}@example.com`,
    user_name: null,
    last_message_at: at(minutes),
    last_message_preview: `minute ${minutes}`,
    last_message_sender: 'user',
    last_message_by: null,
    message_count: 1,
    unread: true,
    archived: false,
    assignee: null,
    tags: [],
    rating: null,
    blocked_at: null,
    waiting_since: null,
    ...change,
  }
}

export class MemoryChats {
  readonly queries: ListQuery[] = []
  /** No answer comes */
  isDown = false
  readonly #chats = new Map<string, SupportChatListItem>()
  #waiting: (() => void)[] | null = null

  constructor(chats: SupportChatListItem[] = []) {
    for (const chat of chats) this.put(chat)
  }

  /** Stores it, and returns it as an event would tell it */
  put(chat: SupportChatListItem): SupportChatListItem {
    this.#chats.set(chat.id, chat)
    return chat
  }

  /** From now on answers are on their way until the returned function lets them arrive */
  delay(): () => void {
    const waiting: (() => void)[] = (this.#waiting = [])
    return () => {
      this.#waiting = null
      for (const arrive of waiting) arrive()
    }
  }

  readonly load = async (query: ListQuery): Promise<ChatListPage> => {
    this.queries.push(query)
    const page = this.#page(query)
    const { isDown } = this
    await new Promise<void>((resolve) => (this.#waiting ? this.#waiting.push(resolve) : resolve()))
    if (isDown) throw new Error('No connection')
    return page
  }

  #page({ archived = false, limit = 50, cursor, q = '' }: ListQuery): ChatListPage {
    const isNamed = nameMatcher(q)
    // By name first
    const found = (chat: SupportChatListItem): Buffer =>
      isNamed(chat.user_name)
        ? Buffer.concat([Buffer.of(0), recency(chat)])
        : Buffer.concat([Buffer.of(1), address(chat)])
    const order = q === '' ? recency : found
    const start = lower(q)
    const all = [...this.#chats.values()]
      .filter(
        (chat) =>
          chat.archived === archived &&
          chat.message_count > 0 &&
          (isNamed(chat.user_name) || lower(chat.user_email).startsWith(start)),
      )
      .sort((a, b) => Buffer.compare(order(a), order(b)))
    const rest =
      cursor === undefined ? all : all.filter((chat) => Buffer.compare(order(chat), Buffer.from(cursor, 'hex')) > 0)
    const chats = rest.slice(0, limit)
    const last = chats.at(-1)
    const next = rest.length > limit && last ? order(last).toString('hex') : null
    return { chats, next, searchable: false, served: false }
  }
}

const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** Sorts by bytes as the server sorts by columns; newest first is every bit of "oldest first" turned around */
const recency = (chat: SupportChatListItem): Buffer =>
  Buffer.from(`${chat.last_message_at}\0${chat.id}`).map((byte) => 255 - byte) as Buffer
const address = (chat: SupportChatListItem): Buffer => Buffer.from(`${lower(chat.user_email)}\0${chat.user_id}`)
