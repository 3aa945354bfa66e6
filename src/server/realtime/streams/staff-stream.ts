import { encode, encodeEvent, EncodedMessage, encodeNewUserMessage, type Json } from '../../../protocol/encode.ts'
import type { SupportChatListItem, SupportUser } from '../../../protocol/types.ts'
import type { EventChat } from '../../events/chat-event.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Store } from '../../ports/store/store.ts'
import { fanOut } from './fan-out.ts'
import type { Subscription } from './subscription.ts'

/** Changed rows of the list are sent at most this often (ms), so that a busy chat does not send one row per message */
const ROWS_EVERY = 200
/** Rows at the top of each list that are compared, because hints of other nodes may be lost */
const TOP = 50
/** Chats whose last sent `seq` is remembered */
const MAX_KNOWN = 10_000
/** Messages in one read. If a chat is further behind, older messages are not sent: its row shows that it changed */
const MAX_READ = 200

type Chat = Pick<EventChat, 'id' | 'user_email'>

/** What all staff on this node get: every user message, and every row of the list that changes. */
export class StaffStream {
  readonly #store: Store
  readonly #clock: Clock
  readonly #subscriptions = new Set<Subscription>()
  readonly #changedRows = new Set<string>()
  /** Chats whose user the host describes differently now; each is among the changed rows too */
  readonly #changedPeople = new Set<string>()
  /** The last sent `seq`, by chat; chats with the latest messages come last */
  readonly #lastSentSeq = new Map<string, number>()
  /** Messages of other nodes that are still to be read, by chat */
  readonly #elsewhere = new Map<string, { from: number; to: number }>()
  /** The top rows of the lists as they were sent last, by chat; only with several nodes */
  #lastSentRows = new Map<string, Json<SupportChatListItem>>()
  #reading = false
  #rowsDue: (() => void) | undefined

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** The ids of those who have the desk open on this node */
  watchers(): Set<string> {
    return new Set([...this.#subscriptions].map(({ identity }) => identity.id))
  }

  join(subscription: Subscription): void {
    this.#subscriptions.add(subscription)
  }

  leave(subscription: Subscription): void {
    this.#subscriptions.delete(subscription)
    // Without subscriptions nothing is sent, so these would become out of date
    if (this.#subscriptions.size === 0) this.#lastSentSeq.clear()
  }

  /** This node committed a message */
  committed(chat: Chat, encoded: EncodedMessage): void {
    if (this.#subscriptions.size === 0) return
    const last = this.#lastSentSeq.get(chat.id)
    const { seq } = encoded.message
    // Another node has committed the messages in the gap, or they are being read
    if (this.#elsewhere.has(chat.id) || (last !== undefined && seq > last + 1)) this.#readFrom(chat.id, seq, seq)
    else if (last === undefined || seq > last) this.#send(chat, encoded)
    this.rowChanged(chat.id)
  }

  /** Another node may have committed these messages: hints can be doubled, delayed and lost */
  committedElsewhere(chatId: string, from: number, to: number): void {
    if (this.#subscriptions.size === 0) return
    this.rowChanged(chatId)
    if (to > (this.#lastSentSeq.get(chatId) ?? 0)) this.#readFrom(chatId, from, to)
  }

  /** Reads the chat's row again and sends it soon */
  rowChanged(chatId: string): void {
    if (this.#subscriptions.size === 0) return
    this.#changedRows.add(chatId)
    this.#scheduleRows()
  }

  /** Sends the user of the chat soon, and its row, which shows their address */
  personChanged(chatId: string): void {
    if (this.#subscriptions.size === 0) return
    this.#changedPeople.add(chatId)
    this.rowChanged(chatId)
  }

  /** The chat was erased, with all that staff see of it */
  erased(chatId: string): void {
    this.#lastSentSeq.delete(chatId)
    this.#lastSentRows.delete(chatId)
    this.#elsewhere.delete(chatId)
    this.#changedRows.delete(chatId)
    this.#changedPeople.delete(chatId)
    fanOut(this.#subscriptions, encodeEvent({ type: 'chat_erased', chat_id: chatId }))
  }

  /** Sends rows and messages whose hints were lost. Never rejects */
  async compare(): Promise<void> {
    if (this.#subscriptions.size === 0) return
    try {
      const lists = await Promise.all([true, false].map((archived) => this.#store.listChats({ archived, limit: TOP })))
      const rows = new Map<string, Json<SupportChatListItem>>()
      for (const chat of lists.flat()) {
        const row = encode(chat)
        rows.set(chat.id, row)
        const last = this.#lastSentSeq.get(chat.id) ?? chat.message_count
        // Also where the row was sent: it may have been read for another reason, with messages that nobody was told of
        if (last < chat.message_count) this.committedElsewhere(chat.id, last + 1, chat.message_count)
        else if (this.#lastSentRows.get(chat.id) !== row) this.rowChanged(chat.id)
      }
      this.#lastSentRows = rows
    } catch {
      // The next comparison finds the changes
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

  /** Reads the chats one after the other, so that the messages of each are sent in order. Never rejects */
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
        // Messages that came meanwhile were read too, or come after these
        const last = messages.at(-1)?.seq ?? to
        if ((this.#elsewhere.get(id)?.to ?? 0) <= last) this.#elsewhere.delete(id)
      }
    } catch {
      // The database is unavailable; the rows show the messages later
      this.#elsewhere.clear()
    } finally {
      this.#reading = false
    }
  }

  async #sendRows(): Promise<void> {
    const ids = [...this.#changedRows]
    const described = new Set(this.#changedPeople)
    this.#changedRows.clear()
    this.#changedPeople.clear()
    let rows: SupportChatListItem[] = []
    const users = new Map<string, SupportUser>()
    try {
      rows = await this.#store.listItems(ids)
      for (const { id, user_id } of rows) {
        const user = described.has(id) ? await this.#store.findPerson(user_id) : undefined
        if (user) users.set(id, user)
      }
      const found = new Set(rows.map(({ id }) => id))
      for (const id of ids) if (!found.has(id)) this.erased(id)
    } catch {
      // The database is unavailable: try again
      for (const id of ids) this.#changedRows.add(id)
      for (const id of described) this.#changedPeople.add(id)
      rows = []
    }
    for (const chat of rows) {
      if (this.#lastSentRows.has(chat.id)) this.#lastSentRows.set(chat.id, encode(chat))
      if (chat.message_count > 0) fanOut(this.#subscriptions, encodeEvent({ type: 'chat_updated', chat }))
      const user = users.get(chat.id)
      if (user) fanOut(this.#subscriptions, encodeEvent({ type: 'person_updated', chat_id: chat.id, user }))
    }
    // Only after the read has ended: with two reads at once, the older row could be sent last
    this.#rowsDue = undefined
    if (this.#changedRows.size > 0) this.#scheduleRows()
  }

  #scheduleRows(): void {
    this.#rowsDue ??= this.#clock.after(ROWS_EVERY, () => void this.#sendRows())
  }
}

const first = <Key, Value>(map: Map<Key, Value>): [Key, Value] | undefined => map.entries().next().value
