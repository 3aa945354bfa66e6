import type { DisconnectReason } from '../protocol/cable.ts'
import { encode } from '../protocol/encode.ts'
import { DeskbellError } from '../protocol/errors.ts'
import { ensureChat, findChat } from '../server/chats/open.ts'
import type { Core } from '../server/core.ts'
import type { Appended } from '../server/messages/append.ts'
import { markRead } from '../server/messages/mark-read.ts'
import { sendMessage } from '../server/messages/send.ts'
import { sideOf } from '../server/people/identity.ts'
import { authorize } from '../server/people/policy.ts'
import { Frame } from '../server/ports/socket.ts'
import type { ChatRecord } from '../server/ports/store/chats.ts'
import { Connection, type ConnectionParts } from '../server/realtime/connections/connection.ts'
import { disconnectFrame } from '../server/realtime/connections/disconnect.ts'
import { isSeq, nackOf, sentFields } from '../server/realtime/dialects/chat-actions.ts'
import { asObject } from '../server/realtime/dialects/parse.ts'
import type { Subscription } from '../server/realtime/streams/subscription.ts'
import { staffTopic, type Topic } from '../server/realtime/streams/topic.ts'
import type { Acknowledge, SocketIoPort } from './port.ts'
import { DESK, Subscriptions } from './subscriptions.ts'

/** Events of a client that wait until their chats are found */
const MAX_WAITING = 1_000

type Fields = Record<string, unknown>

const EVENTS = ['subscribe', 'unsubscribe', 'send_message', 'mark_read', 'mark_viewed', 'typing'] as const
type EventName = (typeof EVENTS)[number]
const isEvent = (name: string): name is EventName => EVENTS.some((event) => event === name)

/** An event that a client emitted */
interface Call {
  name: EventName
  fields: Fields
  /** Undefined: the client does not wait for an answer */
  acknowledge: Acknowledge | undefined
}

/** Anything else is said as if the database were away, and its client tries again */
const known = (error: unknown): DeskbellError =>
  error instanceof DeskbellError ? error : new DeskbellError('unavailable', undefined, 1)

export class SocketIoConnection extends Connection {
  readonly #core: Core
  readonly #port: SocketIoPort
  readonly #subscriptions: Subscriptions
  /** Resolves when the chats of all earlier events were found, so that what they ask for is done in their order */
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(parts: ConnectionParts, port: SocketIoPort, onError: (error: unknown) => void) {
    super(parts)
    const { core, identity } = parts
    this.#core = core
    this.#port = port
    this.#subscriptions = new Subscriptions({
      core,
      identity,
      port,
      sink: this,
      onEnded: (key, error) => this.#tellEnded(key, error),
      onError,
    })
    void this.#subscriptions.restore()
    port.listen((name, args) => this.#emitted(name, args))
  }

  override get kind(): 'socket.io' {
    return 'socket.io'
  }

  /** Nothing comes as text */
  override receive(): void {}

  /** Engine.IO closes what does not answer its pings */
  override beat(): void {
    this.alive()
  }

  override disconnect(reason: DisconnectReason, reconnect: boolean): void {
    this.socket.send(disconnectFrame(reason, reconnect))
    this.close(reconnect ? 1001 : 1000, reason)
  }

  override write(frame: Frame): void {
    this.#subscriptions.note(frame)
    super.write(frame)
  }

  override reject(subscription: Subscription): void {
    this.#subscriptions.reject(subscription)
  }

  protected override release(): void {
    this.#subscriptions.release()
  }

  /** The client emitted an event. @param args the last one is a function if it waits for an answer */
  #emitted(name: string, args: unknown[]): void {
    if (!this.isOpen) return
    if (!isEvent(name)) {
      // The host may listen to events of its own here
      if (this.#port.io.listenerCount(name) === 0) this.garbage()
      return
    }
    if (name !== 'send_message' && !this.mayCommand()) return
    const last = args.at(-1)
    const acknowledge = typeof last === 'function' ? (last as Acknowledge) : undefined
    const fields = asObject((acknowledge ? args.slice(0, -1) : args)[0] ?? {})
    if (!fields) {
      this.garbage()
      return this.#refuse(acknowledge, undefined, new DeskbellError('invalid_request', `${name}: an object`))
    }
    if (++this.#waiting > MAX_WAITING) return this.overflow()
    const found = this.#turn.then(() => this.#topicOf(fields)).finally(() => this.#waiting--)
    this.#turn = found.catch(() => undefined)
    void this.#perform({ name, fields, acknowledge }, found)
  }

  /** What the event is about. @throws DeskbellError `not_found`, `forbidden` */
  async #topicOf({ chat_id, stream }: Fields): Promise<Topic> {
    if (stream === DESK) return staffTopic(this.identity)
    const id = chat_id ?? undefined
    const isOwn = id === undefined && sideOf(this.identity) === 'user'
    const known = isOwn || typeof id === 'string' ? this.#subscriptions.chat(id) : undefined
    if (known) return { type: 'chat', chat: known }
    const chat = isOwn
      ? await ensureChat(this.#core, { identity: this.identity })
      : await findChat(this.#core, { identity: this.identity, action: 'read_chat', id })
    return { type: 'chat', chat }
  }

  /** Never rejects */
  async #perform({ name, fields, acknowledge }: Call, found: Promise<Topic>): Promise<void> {
    const answer = (result: object): void => this.#answer(acknowledge, { ok: true, ...result })
    try {
      const topic = await found
      if (name === 'subscribe') await this.#subscriptions.subscribe(topic, fields, answer)
      else if (name === 'unsubscribe') {
        this.#subscriptions.unsubscribe(topic.type === 'staff' ? DESK : topic.chat.id)
        answer({})
      } else if (topic.type === 'staff') throw new DeskbellError('invalid_request', `${name}: name a chat`)
      else if (name === 'send_message') {
        const { message, repeated } = await this.#send(topic.chat, fields)
        answer({ message, repeated })
        if (repeated && !acknowledge)
          this.write(new Frame(encode({ type: 'ack', chat_id: topic.chat.id, client_id: message.client_id, message })))
      } else {
        if (name === 'typing') this.#typing(topic.chat, fields['typing'] === true)
        else await this.#read(topic.chat, fields['up_to_seq'])
        answer({})
      }
    } catch (error) {
      this.#refuse(acknowledge, fields['client_id'], error)
    }
  }

  #send(chat: ChatRecord, fields: Fields): Promise<Appended> {
    return sendMessage(this.#core, { sender: this.identity, chat, ...sentFields(fields) })
  }

  async #read(chat: ChatRecord, upTo: unknown): Promise<void> {
    if (upTo !== undefined && !isSeq(upTo)) throw new DeskbellError('invalid_request', 'up_to_seq: a seq')
    await markRead(this.#core, { reader: this.identity, chat, upTo })
  }

  #typing(chat: ChatRecord, typing: boolean): void {
    authorize(this.identity, 'show_typing', chat)
    const { name } = this.identity
    const sender_type = sideOf(this.identity)
    this.#core.hub.typing(chat.id, { type: 'typing', sender_type, name, typing }, this.#subscriptions.of(chat.id))
  }

  #answer(acknowledge: Acknowledge | undefined, result: object): void {
    if (!acknowledge || !this.isOpen) return
    this.#port.answer(acknowledge, result)
    this.wrote()
  }

  /** @param clientId what the client gave as its id, of any type */
  #refuse(acknowledge: Acknowledge | undefined, clientId: unknown, error: unknown): void {
    const refusal = known(error)
    if (!acknowledge) return this.write(new Frame(encode(nackOf(clientId, refusal))))
    const { code, message, retryAfter } = refusal
    this.#answer(acknowledge, { ok: false, code, detail: message, retry_after: retryAfter })
  }

  #tellEnded(key: string, error: unknown): void {
    const { code, message: detail } = known(error)
    const what = key === DESK ? { stream: DESK } : { chat_id: key }
    this.write(new Frame(encode({ type: 'unsubscribed', ...what, code, detail })))
  }
}
