import { encode, encodeChatEvent, type EncodedEvent, type Json } from '../protocol/encode.ts'
import { DeskbellError } from '../protocol/errors.ts'
import { findChat } from '../server/chats/open.ts'
import type { Core } from '../server/core.ts'
import { sideOf, type Identity } from '../server/people/identity.ts'
import type { Frame } from '../server/ports/socket.ts'
import type { ChatRecord } from '../server/ports/store/chats.ts'
import { isSeq } from '../server/realtime/dialects/chat-actions.ts'
import { resume } from '../server/realtime/streams/resume.ts'
import { Subscription, type Envelope, type FrameSink } from '../server/realtime/streams/subscription.ts'
import type { Topic } from '../server/realtime/streams/topic.ts'
import { eventOf, type SocketIoPort } from './port.ts'
import { keptOf, startKeeping, type Kept } from './recovery.ts'
import { joinRoom, leaveRoom, leaveRooms, roomOf, STAFF_ROOM } from './rooms.ts'

/** A dashboard watches many chats. A user has one */
const MAX_SUBSCRIPTIONS = { admin: 1_000, user: 10 }

/** When its socket is recovered, a page that subscribes again has done so within this time (ms). Later, it may have another reason */
const ASKS_WITHIN = 5_000

/** The name of the stream about all chats. No chat has it as its id */
export const DESK = 'admin'

interface Entry {
  subscription: Subscription
  /** The socket was recovered: the client has what came up to the seq `from`, and the rest is on its way to it */
  recovered: { from: number; at: number } | undefined
}

interface Position {
  after?: unknown
  epoch?: unknown
}

/** What becomes of a subscription that the client did not end. @param key the chat's id, or `DESK` */
type OnEnded = (key: string, error: unknown) => void

class ChatEnvelope implements Envelope {
  /** Subscriptions to a chat by this dialect share their frames */
  readonly key = 'socket.io'
  readonly #chatId: Json<string>

  constructor(chatId: string) {
    this.#chatId = encode(chatId)
  }

  wrap(event: EncodedEvent): string {
    return encodeChatEvent(this.#chatId, event)
  }
}

const DESK_ENVELOPE: Envelope = { key: 'socket.io', wrap: ({ json }) => json }

interface SubscriptionsParts {
  core: Core
  identity: Identity
  port: SocketIoPort
  sink: FrameSink
  onEnded: OnEnded
  onError: (error: unknown) => void
}

/** The subscriptions of one socket, by the chat's id */
export class Subscriptions {
  readonly #core: Core
  readonly #identity: Identity
  readonly #port: SocketIoPort
  readonly #sink: FrameSink
  readonly #onEnded: OnEnded
  readonly #onError: (error: unknown) => void
  readonly #entries = new Map<string, Entry>()
  /** Of the socket before its connection broke */
  readonly #before: Kept | undefined
  readonly #kept: Kept

  constructor({ core, identity, port, sink, onEnded, onError }: SubscriptionsParts) {
    this.#core = core
    this.#identity = identity
    this.#port = port
    this.#sink = sink
    this.#onEnded = onEnded
    this.#onError = onError
    this.#before = keptOf(port.io, identity)
    this.#kept = startKeeping(port.io, identity, core.store.epoch)
  }

  /** The chat as it was when the client subscribed to it. @param id undefined: the only one, of a user */
  chat(id: string | undefined): ChatRecord | undefined {
    const entry = id === undefined ? this.#entries.values().next().value : this.#entries.get(id.toLowerCase())
    const topic = entry?.subscription.topic
    return topic?.type === 'chat' ? topic.chat : undefined
  }

  of(chatId: string): Subscription | undefined {
    return this.#entries.get(chatId)?.subscription
  }

  /** A frame goes to the client */
  note(frame: Frame): void {
    const { name, payload } = eventOf(frame)
    const { chat_id, message } = payload
    if (name === 'new_message' && message && chat_id !== undefined && chat_id in this.#kept.chats)
      this.#kept.chats[chat_id] = message.seq
  }

  /**
   * Sends what was missed, then the chat's state, then what is new.
   * @param confirm called before anything is sent
   * @throws DeskbellError `invalid_request`, `rate_limited`, `unavailable`
   */
  async subscribe(topic: Topic, { after, epoch }: Position, confirm: (answer: object) => void): Promise<void> {
    const { epoch: current } = this.#core.store
    if (topic.type === 'staff') {
      this.#kept.followsDesk = true
      this.#join(DESK, this.#entry(DESK, topic).subscription)
      return confirm({ stream: DESK, epoch: current })
    }
    if (after !== undefined && !isSeq(after)) throw new DeskbellError('invalid_request', 'after: a seq')
    const { chat } = topic
    const known = this.#entries.get(chat.id)
    if (known && (after === undefined || this.#isOnItsWay(known, after)))
      return confirm({ chat_id: chat.id, epoch: current, continues: true })
    await this.#follow(topic.chat, (last) => {
      const continues = !after || (after <= last && (epoch === undefined || epoch === current))
      confirm({ chat_id: chat.id, epoch: current, continues })
      return continues ? (after ?? last) : 0
    })
  }

  /** @returns false: there was none */
  unsubscribe(key: string): boolean {
    const entry = this.#entries.get(key)
    this.#entries.delete(key)
    if (key === DESK) this.#kept.followsDesk = false
    else delete this.#kept.chats[key]
    leaveRoom(this.#port.io, key === DESK ? STAFF_ROOM : roomOf(key), this.#onError)
    if (!entry) return false
    entry.subscription.end()
    this.#core.hub.leave(entry.subscription)
    return true
  }

  reject(subscription: Subscription): void {
    for (const [key, entry] of this.#entries)
      if (entry.subscription === subscription) this.#end(key, new DeskbellError('not_found'))
  }

  /** The socket has gone. What it was subscribed to is kept, for its recovery */
  release(): void {
    for (const { subscription } of this.#entries.values()) this.#core.hub.leave(subscription)
    this.#entries.clear()
  }

  /** Goes on after Socket.IO has recovered the socket. Never rejects */
  async restore(): Promise<void> {
    const before = this.#before
    if (!before) return leaveRooms(this.#port.io, this.#onError)
    Object.assign(this.#kept.chats, before.chats)
    // The stream about all chats cannot be replayed
    if (before.followsDesk) this.#end(DESK, new DeskbellError('unavailable', 'Load the list again'))
    for (const [id, seq] of Object.entries(before.chats)) {
      try {
        await this.#restoreChat(id, seq, before.epoch)
      } catch (error) {
        if (this.#sink.isOpen) this.#end(id, error)
      }
    }
  }

  async #restoreChat(id: string, seq: number, epoch: string): Promise<void> {
    // The client may have subscribed or unsubscribed meanwhile
    const isWanted = (): boolean => this.#sink.isOpen && id in this.#kept.chats && !this.#entries.has(id)
    if (!isWanted()) return
    if (epoch !== this.#core.store.epoch) throw new DeskbellError('unavailable', 'Load the chat again')
    const chat = await findChat(this.#core, { identity: this.#identity, action: 'read_chat', id })
    if (!isWanted()) return
    this.#entry(id, { type: 'chat', chat }).recovered = { from: seq, at: this.#core.clock.now() }
    await this.#follow(chat, () => seq)
  }

  /** A page that does not care whether its socket was recovered asks, once, for what it gets anyway */
  #isOnItsWay(entry: Entry, after: number): boolean {
    const { recovered } = entry
    entry.recovered = undefined
    return recovered !== undefined && after >= recovered.from && this.#core.clock.now() < recovered.at + ASKS_WITHIN
  }

  /** @param start the seq after which the client gets everything, from the last one in the chat. It is called before anything is sent */
  async #follow(chat: ChatRecord, start: (last: number) => number): Promise<void> {
    const { subscription } = this.#entry(chat.id, { type: 'chat', chat })
    let isStarted = false
    const from = (row: ChatRecord | undefined): number => {
      const seq = start(row?.last_seq ?? 0)
      isStarted = true
      this.#kept.chats[chat.id] = seq
      return seq
    }
    const turn = subscription.hold()
    this.#join(chat.id, subscription)
    await turn
    const isResumed = await resume(this.#core, { chat, subscription, from, limit: Infinity })
    subscription.release()
    if (isResumed || !subscription.isOpen) return
    const error = new DeskbellError('unavailable', undefined, 1)
    if (isStarted) return this.#end(chat.id, error)
    this.unsubscribe(chat.id)
    throw error
  }

  /** @throws DeskbellError `rate_limited`, `unavailable` */
  #entry(key: string, topic: Topic): Entry {
    const known = this.#entries.get(key)
    if (known) return known
    // Nothing may join the hub any more
    if (!this.#sink.isOpen) throw new DeskbellError('unavailable')
    if (this.#entries.size >= MAX_SUBSCRIPTIONS[sideOf(this.#identity)])
      throw new DeskbellError('rate_limited', 'Too many subscriptions')
    const envelope = topic.type === 'staff' ? DESK_ENVELOPE : new ChatEnvelope(topic.chat.id)
    const subscription = new Subscription({ topic, identity: this.#identity, envelope, sink: this.#sink })
    const entry = { subscription, recovered: undefined }
    this.#entries.set(key, entry)
    return entry
  }

  #join(key: string, subscription: Subscription): void {
    this.#core.hub.join(subscription)
    joinRoom(this.#port.io, key === DESK ? STAFF_ROOM : roomOf(key), this.#onError)
  }

  /** The client did not ask for it */
  #end(key: string, error: unknown): void {
    this.unsubscribe(key)
    this.#onEnded(key, error)
  }
}
