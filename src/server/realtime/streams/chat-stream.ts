import type { ChatChannelMessage } from '../../../protocol/events.ts'
import type { SenderType, SupportMessage } from '../../../protocol/types.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
import type { Store } from '../../ports/store/store.ts'
import { fanOut } from './fan-out.ts'
import type { Presence } from './presence.ts'
import type { Subscription } from './subscription.ts'

/** Messages read at a time where some are missing */
const PAGE = 200
/** Milliseconds until a read that failed is tried again */
const READ_AGAIN = 1_000

/**
 * Who listens to one chat on this node, and how far they have been told. Messages that this node commits go out at once; where
 * one is not the next, another node has committed what lies between, and that is read from the database first.
 */
export class ChatStream {
  readonly chatId: string
  readonly listeners = new Set<Subscription>()
  /** What other nodes say about who is in this chat, by node. Made when one does: most chats are on one node alone */
  elsewhere: Map<string, Presence & { until: number }> | undefined
  /** The event that was told last of who is there */
  toldPresence: string | null = null
  readonly #store: Store
  readonly #clock: Clock
  #seq: number
  #userReadSeq: number
  #adminViewedSeq: number
  #archived: boolean
  #wantsMessages = false
  #wantsState = false
  #reading = false
  #readsLater = false

  constructor(chat: ChatRecord, store: Store, clock: Clock) {
    this.chatId = chat.id
    this.#store = store
    this.#clock = clock
    this.#seq = chat.last_seq
    this.#userReadSeq = chat.user_read_seq
    this.#adminViewedSeq = chat.admin_viewed_seq
    this.#archived = chat.archived_at !== null
  }

  has(role: SenderType): boolean {
    for (const { identity } of this.listeners) if (identity.role === role) return true
    return false
  }

  /** A message that is committed. @param json the same, as every listener gets it */
  deliver(message: SupportMessage, json: string): void {
    if (message.seq <= this.#seq) return
    if (this.#reading || message.seq > this.#seq + 1) this.catchUp()
    else this.#send(message, json)
  }

  /** Messages may be new: they are read and told, in order */
  catchUp(): void {
    this.#wantsMessages = true
    void this.#read()
  }

  /** A read mark or the archive may be new */
  refresh(): void {
    this.#wantsState = true
    void this.#read()
  }

  /** Whether listeners were told something else than this */
  differs({ last_seq, user_read_seq, admin_viewed_seq, archived_at }: ChatRecord): boolean {
    const isAhead = last_seq > this.#seq || user_read_seq > this.#userReadSeq || admin_viewed_seq > this.#adminViewedSeq
    return isAhead || (archived_at !== null) !== this.#archived
  }

  tell(event: ChatChannelMessage, except?: Subscription): void {
    if (event.type === 'chat_updated') this.#archived = event.archived
    else if (event.type === 'messages_read') {
      if (event.reader === 'user') this.#userReadSeq = Math.max(this.#userReadSeq, event.up_to_seq)
      else this.#adminViewedSeq = Math.max(this.#adminViewedSeq, event.up_to_seq)
    }
    fanOut(this.listeners, JSON.stringify(event), undefined, except)
  }

  /**
   * One read at a time, and another one for what was asked meanwhile: so the last word is about the last commit, in whatever order
   * commits and reads are answered. Never rejects.
   */
  async #read(): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    try {
      while (this.listeners.size > 0 && (this.#wantsMessages || this.#wantsState))
        await (this.#wantsMessages ? this.#readMessages() : this.#readState())
    } catch {
      // The database is away, and says so elsewhere
      this.#readLater()
    } finally {
      this.#reading = false
    }
  }

  async #readMessages(): Promise<void> {
    // Before the question: what is committed while it is answered may not be in the answer
    this.#wantsMessages = false
    const { messages, has_more } = await this.#store.messages(this.chatId, { after: this.#seq, limit: PAGE })
    for (const message of messages) this.#send(message, JSON.stringify(message))
    this.#wantsMessages ||= has_more
  }

  async #readState(): Promise<void> {
    this.#wantsState = false
    const [chat] = await this.#store.findChats([this.chatId])
    if (chat) this.#compare(chat)
  }

  #readLater(): void {
    this.#wantsMessages = this.#wantsState = true
    if (this.#readsLater) return
    this.#readsLater = true
    this.#clock.after(READ_AGAIN, () => {
      this.#readsLater = false
      void this.#read()
    })
  }

  #compare(chat: ChatRecord): void {
    if (chat.last_seq > this.#seq) this.catchUp()
    const { user_read_seq, user_read_at, admin_viewed_seq, admin_viewed_at } = chat
    if (user_read_seq > this.#userReadSeq && user_read_at !== null)
      this.tell({ type: 'messages_read', reader: 'user', up_to_seq: user_read_seq, read_at: user_read_at })
    if (admin_viewed_seq > this.#adminViewedSeq && admin_viewed_at !== null)
      this.tell({ type: 'messages_read', reader: 'admin', up_to_seq: admin_viewed_seq, read_at: admin_viewed_at })
    const archived = chat.archived_at !== null
    if (archived !== this.#archived) this.tell({ type: 'chat_updated', archived })
  }

  #send(message: SupportMessage, json: string): void {
    // The page may have been read before the same message came by itself
    if (message.seq <= this.#seq) return
    this.#seq = message.seq
    fanOut(this.listeners, `{"type":"new_message","message":${json}}`, message)
  }
}
