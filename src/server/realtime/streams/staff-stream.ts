import type { AdminNotificationMessage } from '../../../protocol/events.ts'
import type { SupportChatListItem, SupportMessage } from '../../../protocol/types.ts'
import type { Stored } from '../../messages/append.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Store } from '../../ports/store/store.ts'
import { fanOut } from './fan-out.ts'
import type { Subscription } from './subscription.ts'

/** The stream of AdminNotificationChannel */
export const STAFF_STREAM = 'admin'

/** Rows of the list that changed are told at most this often (ms): a busy chat costs one row, not one per message */
const ROWS_EVERY = 200
/** Rows at the top of either list that are compared where hints of other nodes may have been lost */
const TOP = 50
/** Chats of which it is known how far they were told */
const MAX_KNOWN = 10_000
/** Messages that are read at a time; a chat that is further behind is told by its row alone */
const MAX_READ = 200

type Chat = Pick<Stored['chat'], 'id' | 'user_email'>

/** What all staff hear on this node: every message of a user, and every row of the list that changes. */
export class StaffStream {
  readonly #store: Store
  readonly #clock: Clock
  readonly #listeners = new Set<Subscription>()
  readonly #changedRows = new Set<string>()
  /** The seq up to which a chat's messages were told, the chats with the latest last */
  readonly #toldSeq = new Map<string, number>()
  /** What other nodes committed and is still to be read, by chat */
  readonly #elsewhere = new Map<string, { from: number; to: number }>()
  /** The top of the lists as it was last told, by chat; only with several nodes */
  #toldRows = new Map<string, string>()
  #reading = false
  #rowsDue: (() => void) | undefined

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  join(subscription: Subscription): void {
    this.#listeners.add(subscription)
  }

  leave(subscription: Subscription): void {
    this.#listeners.delete(subscription)
    // Nobody hears what is told from now on, so nothing is known
    if (this.#listeners.size === 0) this.#toldSeq.clear()
  }

  /** This node committed it. @param json the message */
  committed(chat: Chat, message: SupportMessage, json: string): void {
    if (this.#listeners.size === 0) return
    const told = this.#toldSeq.get(chat.id)
    const { seq } = message
    // Another node has committed what lies between, or it is being read
    if (this.#elsewhere.has(chat.id) || (told !== undefined && seq > told + 1)) this.#readFrom(chat.id, seq, seq)
    else if (told === undefined || seq > told) this.#tell(chat, message, json)
    this.rowChanged(chat.id)
  }

  /** Another node committed these messages of a chat, or may have: hints are doubled, delayed and lost */
  committedElsewhere(chatId: string, from: number, to: number): void {
    if (this.#listeners.size === 0) return
    this.rowChanged(chatId)
    if (to > (this.#toldSeq.get(chatId) ?? 0)) this.#readFrom(chatId, from, to)
  }

  /** The row of the list is read again and told, soon */
  rowChanged(chatId: string): void {
    if (this.#listeners.size === 0) return
    this.#changedRows.add(chatId)
    this.#scheduleRows()
  }

  /** Rows, and messages, of which no hint came; never rejects */
  async compare(): Promise<void> {
    if (this.#listeners.size === 0) return
    try {
      const lists = await Promise.all([true, false].map((archived) => this.#store.listChats({ archived, limit: TOP })))
      const rows = new Map<string, string>()
      for (const chat of lists.flat()) {
        const row = JSON.stringify(chat)
        rows.set(chat.id, row)
        if (this.#toldRows.get(chat.id) === row) continue
        this.rowChanged(chat.id)
        const told = this.#toldSeq.get(chat.id)
        if (told !== undefined) this.committedElsewhere(chat.id, told + 1, chat.message_count)
      }
      this.#toldRows = rows
    } catch {
      // The next look finds it
    }
  }

  close(): void {
    this.#rowsDue?.()
  }

  #tell({ id, user_email }: Chat, { sender_type, seq }: SupportMessage, json: string): void {
    this.#toldSeq.delete(id)
    this.#toldSeq.set(id, seq)
    const oldest = this.#toldSeq.size > MAX_KNOWN ? first(this.#toldSeq) : undefined
    if (oldest) this.#toldSeq.delete(oldest[0])
    if (sender_type !== 'user') return
    const email = JSON.stringify(user_email)
    fanOut(this.#listeners, `{"type":"new_user_message","chat_id":"${id}","user_email":${email},"message":${json}}`)
  }

  #readFrom(chatId: string, from: number, to: number): void {
    const before = this.#elsewhere.get(chatId)
    this.#elsewhere.set(chatId, { from: Math.min(from, before?.from ?? from), to: Math.max(to, before?.to ?? to) })
    void this.#read()
  }

  /** Reads one chat after the other, so that each is told in order; never rejects */
  async #read(): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    try {
      for (let next = first(this.#elsewhere); next; next = first(this.#elsewhere)) {
        const [id, { from, to }] = next
        const after = this.#toldSeq.get(id) ?? from - 1
        const [chat] = await this.#store.findChats([id])
        const { messages } = await this.#store.messages(id, { after: Math.max(after, to - MAX_READ), limit: MAX_READ })
        for (const message of messages) if (chat) this.#tell(chat, message, JSON.stringify(message))
        // What came meanwhile is in what was read, or is beyond it
        const last = messages.at(-1)?.seq ?? to
        if ((this.#elsewhere.get(id)?.to ?? 0) <= last) this.#elsewhere.delete(id)
      }
    } catch {
      // The database is away; the rows tell it later
      this.#elsewhere.clear()
    } finally {
      this.#reading = false
    }
  }

  async #tellRows(): Promise<void> {
    const ids = [...this.#changedRows]
    this.#changedRows.clear()
    let rows: SupportChatListItem[] = []
    try {
      rows = await this.#store.listItems(ids)
    } catch {
      // The database is away: ask again
      for (const id of ids) this.#changedRows.add(id)
    }
    for (const chat of rows) {
      if (this.#toldRows.has(chat.id)) this.#toldRows.set(chat.id, JSON.stringify(chat))
      const event: AdminNotificationMessage = { type: 'chat_updated', chat }
      if (chat.message_count > 0) fanOut(this.#listeners, JSON.stringify(event))
    }
    // Not before the answer: two reads at once could tell the older row last
    this.#rowsDue = undefined
    if (this.#changedRows.size > 0) this.#scheduleRows()
  }

  #scheduleRows(): void {
    this.#rowsDue ??= this.#clock.after(ROWS_EVERY, () => void this.#tellRows())
  }
}

const first = <Key, Value>(map: Map<Key, Value>): [Key, Value] | undefined => map.entries().next().value
