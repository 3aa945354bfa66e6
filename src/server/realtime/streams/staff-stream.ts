import { encode, encodeEvent, EncodedMessage, encodeNewUserMessage, type Json } from '../../../protocol/encode.ts'
import type { SupportChatListItem } from '../../../protocol/types.ts'
import type { EventChat } from '../../events/chat-event.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Store } from '../../ports/store/store.ts'
import { fanOut } from './fan-out.ts'
import type { Subscription } from './subscription.ts'

/** Rows of the list that changed are sent at most this often (ms): a busy chat costs one row, not one per message */
const ROWS_EVERY = 200
/** Rows at the top of either list that are compared where hints of other nodes may have been lost */
const TOP = 50
/** Chats for which the last `seq` that was sent is remembered */
const MAX_KNOWN = 10_000
/** Messages that are read at a time. Of a chat that is further behind, older ones are not sent: its row says enough */
const MAX_READ = 200

type Chat = Pick<EventChat, 'id' | 'user_email'>

/** What all staff on this node see: every message of a user, and every row of the list that changes. */
export class StaffStream {
  readonly #store: Store
  readonly #clock: Clock
  readonly #subscriptions = new Set<Subscription>()
  readonly #changedRows = new Set<string>()
  /** The last `seq` that was sent of a chat; the chats with the latest messages come last */
  readonly #lastSentSeq = new Map<string, number>()
  /** What other nodes committed and is still to be read, by chat */
  readonly #elsewhere = new Map<string, { from: number; to: number }>()
  /** The top of the lists as it was sent last, by chat; only with several nodes */
  #lastSentRows = new Map<string, Json<SupportChatListItem>>()
  #reading = false
  #rowsDue: (() => void) | undefined

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  join(subscription: Subscription): void {
    this.#subscriptions.add(subscription)
  }

  leave(subscription: Subscription): void {
    this.#subscriptions.delete(subscription)
    // Nobody gets what is committed from now on, so nothing is known
    if (this.#subscriptions.size === 0) this.#lastSentSeq.clear()
  }

  /** This node committed a message */
  committed(chat: Chat, encoded: EncodedMessage): void {
    if (this.#subscriptions.size === 0) return
    const last = this.#lastSentSeq.get(chat.id)
    const { seq } = encoded.message
    // Another node has committed what lies between, or it is being read
    if (this.#elsewhere.has(chat.id) || (last !== undefined && seq > last + 1)) this.#readFrom(chat.id, seq, seq)
    else if (last === undefined || seq > last) this.#send(chat, encoded)
    this.rowChanged(chat.id)
  }

  /** Another node committed these messages of a chat, or may have: hints are doubled, delayed and lost */
  committedElsewhere(chatId: string, from: number, to: number): void {
    if (this.#subscriptions.size === 0) return
    this.rowChanged(chatId)
    if (to > (this.#lastSentSeq.get(chatId) ?? 0)) this.#readFrom(chatId, from, to)
  }

  /** The row of the list is read again and sent, soon */
  rowChanged(chatId: string): void {
    if (this.#subscriptions.size === 0) return
    this.#changedRows.add(chatId)
    this.#scheduleRows()
  }

  /** Sends the rows, and messages, that hints were lost about. Never rejects */
  async compare(): Promise<void> {
    if (this.#subscriptions.size === 0) return
    try {
      const lists = await Promise.all([true, false].map((archived) => this.#store.listChats({ archived, limit: TOP })))
      const rows = new Map<string, Json<SupportChatListItem>>()
      for (const chat of lists.flat()) {
        const row = encode(chat)
        rows.set(chat.id, row)
        if (this.#lastSentRows.get(chat.id) === row) continue
        this.rowChanged(chat.id)
        const last = this.#lastSentSeq.get(chat.id)
        if (last !== undefined) this.committedElsewhere(chat.id, last + 1, chat.message_count)
      }
      this.#lastSentRows = rows
    } catch {
      // The next comparison finds it
    }
  }

  close(): void {
    this.#rowsDue?.()
  }

  #send(chat: Chat, encoded: EncodedMessage): void {
    const { sender_type, seq } = encoded.message
    this.#lastSentSeq.delete(chat.id)
    this.#lastSentSeq.set(chat.id, seq)
    const oldest = this.#lastSentSeq.size > MAX_KNOWN ? first(this.#lastSentSeq) : undefined
    if (oldest) this.#lastSentSeq.delete(oldest[0])
    if (sender_type === 'user') fanOut(this.#subscriptions, encodeNewUserMessage(chat, encoded))
  }

  #readFrom(chatId: string, from: number, to: number): void {
    const before = this.#elsewhere.get(chatId)
    this.#elsewhere.set(chatId, { from: Math.min(from, before?.from ?? from), to: Math.max(to, before?.to ?? to) })
    void this.#read()
  }

  /** Reads one chat after the other, so that the messages of each are sent in order. Never rejects */
  async #read(): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    try {
      for (let next = first(this.#elsewhere); next; next = first(this.#elsewhere)) {
        const [id, { from, to }] = next
        const after = this.#lastSentSeq.get(id) ?? from - 1
        const [chat] = await this.#store.findChats([id])
        const { messages } = await this.#store.messages(id, { after: Math.max(after, to - MAX_READ), limit: MAX_READ })
        for (const message of messages) if (chat) this.#send(chat, new EncodedMessage(message))
        // What came meanwhile is in what was read, or is beyond it
        const last = messages.at(-1)?.seq ?? to
        if ((this.#elsewhere.get(id)?.to ?? 0) <= last) this.#elsewhere.delete(id)
      }
    } catch {
      // The database is away; the rows show it later
      this.#elsewhere.clear()
    } finally {
      this.#reading = false
    }
  }

  async #sendRows(): Promise<void> {
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
      if (this.#lastSentRows.has(chat.id)) this.#lastSentRows.set(chat.id, encode(chat))
      if (chat.message_count > 0) fanOut(this.#subscriptions, encodeEvent({ type: 'chat_updated', chat }))
    }
    // Not before the answer: of two reads at once, the older row could be sent last
    this.#rowsDue = undefined
    if (this.#changedRows.size > 0) this.#scheduleRows()
  }

  #scheduleRows(): void {
    this.#rowsDue ??= this.#clock.after(ROWS_EVERY, () => void this.#sendRows())
  }
}

const first = <Key, Value>(map: Map<Key, Value>): [Key, Value] | undefined => map.entries().next().value
