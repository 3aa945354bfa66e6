import { encodeEvent, EncodedMessage, encodeNewMessage } from '../../../protocol/encode.ts'
import type { ChatChannelMessage } from '../../../protocol/events.ts'
import type { SenderType } from '../../../protocol/types.ts'
import type { Clock } from '../../ports/clock.ts'
import { sideOf } from '../../people/identity.ts'
import { UnwrittenChat } from '../../chats/unwritten-chat.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
import type { Store } from '../../ports/store/store.ts'
import { ChatPresence } from './chat-presence.ts'
import { fanOut } from './fan-out.ts'
import type { Subscription } from './subscription.ts'

/** Messages in one read of missing messages */
const PAGE = 200
/** Milliseconds until a failed read is retried */
const READ_AGAIN = 1_000

/**
 * The subscriptions to one chat on this node, and what was sent to them last. Messages that this node commits go out at once. If
 * there is a gap before one, another node has committed the messages in it, and they are read from the database first.
 */
export class ChatStream {
  readonly chatId: string
  readonly subscriptions = new Set<Subscription>()
  readonly presence = new ChatPresence(this.subscriptions)
  /** False before a visitor's first message: nobody else can be in the chat, and that it is missing does not mean that it was erased */
  isStored: boolean
  readonly #store: Store
  readonly #clock: Clock
  #lastSentSeq: number
  #userReadSeq: number
  #adminViewedSeq: number
  #archived: boolean
  /** Nothing of the user is taken in */
  #isBlocked: boolean
  #wantsMessages = false
  #wantsState = false
  #reading = false
  #readsLater = false

  constructor(chat: ChatRecord, store: Store, clock: Clock) {
    this.chatId = chat.id
    this.isStored = !(chat instanceof UnwrittenChat)
    this.#store = store
    this.#clock = clock
    this.#lastSentSeq = chat.last_seq
    this.#userReadSeq = chat.user_read_seq
    this.#adminViewedSeq = chat.admin_viewed_seq
    this.#archived = chat.archived_at !== null
    this.#isBlocked = chat.blocked_at !== null
  }

  has(side: SenderType): boolean {
    for (const { identity } of this.subscriptions) if (sideOf(identity) === side) return true
    return false
  }

  /** This node committed a message */
  committed(encoded: EncodedMessage): void {
    const { seq } = encoded.message
    if (seq <= this.#lastSentSeq) return
    if (this.#reading || seq > this.#lastSentSeq + 1) this.catchUp()
    else this.#send(encoded)
  }

  /** Reads messages that may be new, and sends them in order */
  catchUp(): void {
    this.#wantsMessages = true
    void this.#read()
  }

  /** Reads the read marks and the archive state, and sends what changed */
  refresh(): void {
    this.#wantsState = true
    void this.#read()
  }

  /** This node committed it. It is read too, since another node may have undone it by now */
  block(isBlocked: boolean): void {
    this.#isBlocked = isBlocked
    this.refresh()
  }

  get isBlocked(): boolean {
    return this.#isBlocked
  }

  /** @param chat its row, which may be older than what was sent meanwhile, so it is read again; undefined: there is none */
  compare(chat: ChatRecord | undefined): void {
    if (chat ? this.#differs(chat) : this.isStored) this.refresh()
  }

  /** Whether the row has something that was not sent yet */
  #differs({ last_seq, user_read_seq, admin_viewed_seq, archived_at, blocked_at }: ChatRecord): boolean {
    const isAhead =
      last_seq > this.#lastSentSeq || user_read_seq > this.#userReadSeq || admin_viewed_seq > this.#adminViewedSeq
    return isAhead || (archived_at !== null) !== this.#archived || (blocked_at !== null) !== this.#isBlocked
  }

  /** Sends an event other than a message to all subscriptions except one */
  broadcast(event: ChatChannelMessage, except?: Subscription): void {
    if (event.type === 'chat_updated') this.#archived = event.archived
    else if (event.type === 'messages_read') {
      if (event.reader === 'user') this.#userReadSeq = Math.max(this.#userReadSeq, event.up_to_seq)
      else this.#adminViewedSeq = Math.max(this.#adminViewedSeq, event.up_to_seq)
    }
    fanOut(this.subscriptions, encodeEvent(event), except)
  }

  /** The chat was erased: nobody can be subscribed to it */
  reject(): void {
    for (const subscription of this.subscriptions) subscription.reject()
  }

  /**
   * Runs one read at a time, and another one for requests that came meanwhile. So what is sent last is what was committed last,
   * whatever the order in which commits and reads are answered. Never rejects.
   */
  async #read(): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    try {
      while (this.subscriptions.size > 0 && (this.#wantsMessages || this.#wantsState))
        await (this.#wantsMessages ? this.#readMessages() : this.#readState())
    } catch {
      // The database is unavailable, which is reported elsewhere
      this.#readLater()
    } finally {
      this.#reading = false
    }
  }

  async #readMessages(): Promise<void> {
    // Before the read: messages that are committed during it may not be in its result
    this.#wantsMessages = false
    const { messages, has_more } = await this.#store.messages(this.chatId, { after: this.#lastSentSeq, limit: PAGE })
    for (const message of messages) this.#send(new EncodedMessage(message))
    this.#wantsMessages ||= has_more
  }

  async #readState(): Promise<void> {
    this.#wantsState = false
    const [chat] = await this.#store.findChats([this.chatId])
    if (chat) this.#sendState(chat)
    else if (this.isStored) this.reject()
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

  #sendState(chat: ChatRecord): void {
    this.isStored = true
    this.#isBlocked = chat.blocked_at !== null
    if (chat.last_seq > this.#lastSentSeq) this.catchUp()
    const { user_read_seq, user_read_at, admin_viewed_seq, admin_viewed_at } = chat
    if (user_read_seq > this.#userReadSeq && user_read_at !== null)
      this.broadcast({ type: 'messages_read', reader: 'user', up_to_seq: user_read_seq, read_at: user_read_at })
    if (admin_viewed_seq > this.#adminViewedSeq && admin_viewed_at !== null)
      this.broadcast({ type: 'messages_read', reader: 'admin', up_to_seq: admin_viewed_seq, read_at: admin_viewed_at })
    const archived = chat.archived_at !== null
    if (archived !== this.#archived) this.broadcast({ type: 'chat_updated', archived })
  }

  #send(encoded: EncodedMessage): void {
    // The message may have arrived directly after the page was read
    if (encoded.message.seq <= this.#lastSentSeq) return
    this.#lastSentSeq = encoded.message.seq
    this.isStored = true
    fanOut(this.subscriptions, encodeNewMessage(encoded))
  }
}
