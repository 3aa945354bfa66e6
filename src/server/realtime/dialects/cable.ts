// ActionCable v1 and its AnyCable superset. Sources: Rails' actioncable client and server, @anycable/core's `actioncable-ext`.
import {
  ADMIN_CHANNEL,
  CHAT_CHANNEL,
  CHAT_CHANNEL_ALIAS,
  chatStream,
  type DisconnectReason,
} from '../../../protocol/cable.ts'
import { DeskbellError } from '../../../protocol/errors.ts'
import { MAX_REPLAY } from '../../../protocol/limits.ts'
import type { SupportMessage } from '../../../protocol/types.ts'
import { findChat } from '../../chats/open.ts'
import type { Core } from '../../core.ts'
import type { Identity } from '../../people/identity.ts'
import { isoTime } from '../../ports/clock.ts'
import { Frame, type Socket } from '../../ports/socket.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
import { ChatActions } from './chat-actions.ts'
import { Connection } from '../connections/connection.ts'
import type { Connections } from '../connections/connections.ts'
import { replay, resumeFrom, tellState } from '../streams/history.ts'
import { asObject, parseObject } from './parse.ts'
import { STAFF_STREAM } from '../streams/staff-stream.ts'
import { Subscription, type Envelope } from '../streams/subscription.ts'

const MAX_IDENTIFIER = 1_000
/** Characters that a client may send before it has heard that it is subscribed */
const MAX_EARLY = 256 * 1024

/** One per subscribed identifier; the stream of the staff is of no chat */
interface Entry {
  subscription: Subscription
  chat: ChatRecord | null
  actions?: ChatActions
}

const CHANNELS = new Set<unknown>([CHAT_CHANNEL, CHAT_CHANNEL_ALIAS, ADMIN_CHANNEL])
/** A dashboard watches many chats, a user their one, perhaps under several spellings */
const MAX_SUBSCRIPTIONS = { admin: 1_000, user: 10 }
/** Seconds by which the clock of a client that asks `since` may be off */
const CLOCK_SLACK = 5
/** Seconds; beyond it there is no ISO 8601 time */
const MAX_TIME = 1e11
const WELCOME = new Frame('{"type":"welcome"}')

export class CableConnection extends Connection {
  readonly #core: Core
  readonly #extended: boolean
  /** By identifier, byte for byte */
  readonly #entries = new Map<string, Entry>()
  /** Subscribes that are being decided, and the messages that came meanwhile */
  #deciding: Map<string, Record<string, unknown>[]> | undefined
  /** Characters in those */
  #early = 0

  constructor(core: Core, socket: Socket, identity: Identity, connections: Connections, extended: boolean) {
    super(socket, identity, connections, core)
    this.#core = core
    this.#extended = extended
    this.write(WELCOME)
  }

  override get kind(): 'cable' {
    return 'cable'
  }

  override receive(text: string): void {
    if (!this.isOpen) return
    const frame = parseObject(text)
    const identifier = frame?.['identifier']
    if (frame?.['command'] === 'pong') return
    // Echoed with each event, so a long one would cost everybody; Rails' own are a line of text
    if (typeof identifier !== 'string' || identifier.length > MAX_IDENTIFIER) return this.garbage()
    // Sends have a limit of their own, which answers them
    if (frame?.['command'] !== 'message' && !this.mayCommand()) return
    switch (frame?.['command']) {
      case 'message': {
        const data = typeof frame['data'] === 'string' ? parseObject(frame['data']) : undefined
        if (data?.['action'] !== 'send_message' && !this.mayCommand()) return
        if (!data || !this.#perform(identifier, data, text.length)) this.garbage()
        return
      }
      case 'subscribe':
        // Rails says nothing to an unknown channel either
        if (!CHANNELS.has(parseObject(identifier)?.['channel'])) return
        if (!this.#maySubscribe(identifier)) return
        void this.#subscribe(identifier, frame['history'])
        return
      case 'unsubscribe':
        return this.#unsubscribe(identifier)
      case 'history':
        if (this.#extended) void this.#history(identifier, frame['history'])
        return
      case 'whisper': {
        const data = asObject(frame['data'])
        if (data?.['type'] === 'typing') this.#entries.get(identifier)?.actions?.typing(data['typing'] === true)
        return
      }
      default:
        this.garbage()
    }
  }

  override beat(frame: Frame): void {
    this.write(frame)
  }

  override disconnect(reason: DisconnectReason, reconnect: boolean): void {
    this.socket.send(disconnectFrame(reason, reconnect))
    this.close(reconnect ? 1001 : 1000, reason)
  }

  protected override release(): void {
    for (const { subscription, chat } of this.#entries.values()) this.#core.hub.leave(subscription, chat)
    this.#entries.clear()
    this.#deciding = undefined
  }

  /** False for what is not subscribed to, and for an action that there is not */
  #perform(identifier: string, data: Record<string, unknown>, size: number): boolean {
    const early = this.#deciding?.get(identifier)
    if (!early) return this.#entries.get(identifier)?.actions?.perform(data) ?? false
    this.#early += size
    if (this.#early > MAX_EARLY) this.overflow()
    else early.push(data)
    return true
  }

  #maySubscribe(identifier: string): boolean {
    if (this.#entries.has(identifier) || this.#deciding?.has(identifier)) return false
    return this.#entries.size + (this.#deciding?.size ?? 0) < MAX_SUBSCRIPTIONS[this.identity.role]
  }

  async #subscribe(identifier: string, history: unknown): Promise<void> {
    const early: Record<string, unknown>[] = []
    // Not kept afterwards: an idle connection should weigh little
    const deciding = (this.#deciding ??= new Map())
    deciding.set(identifier, early)
    let entry: Entry | undefined
    try {
      entry = await this.#open(identifier)
    } catch {
      // A database that is away is not a refusal, which would be for good: the client asks again after it reconnects
      return this.close(1011, 'unavailable')
    }
    // It may have gone, or thought better of it, while the chat was looked up
    if (!this.isOpen || deciding.get(identifier) !== early) return
    deciding.delete(identifier)
    if (deciding.size === 0) {
      this.#deciding = undefined
      this.#early = 0
    }
    const quoted = JSON.stringify(identifier)
    if (!entry) {
      return this.write(new Frame(`{"identifier":${quoted},"type":"reject_subscription"}`))
    }
    this.#entries.set(identifier, entry)
    this.write(new Frame(`{"identifier":${quoted},"type":"confirm_subscription"}`))
    this.#core.hub.join(entry.subscription, entry.chat)
    for (const data of early) entry.actions?.perform(data)
    if (this.#extended && history !== undefined) await this.#history(identifier, history)
  }

  /** Undefined: this person may not */
  async #open(identifier: string): Promise<Entry | undefined> {
    const params = parseObject(identifier)
    if (params?.['channel'] === ADMIN_CHANNEL) {
      if (this.identity.role !== 'admin') return undefined
      return {
        chat: null,
        subscription: new Subscription(STAFF_STREAM, this.identity, new CableEnvelope(identifier, null), this),
      }
    }
    const chat = await findChat(this.#core, this.identity, params?.['chat_id']).catch(noneIfRefused)
    if (!chat) return undefined
    const stream = chatStream(chat.id)
    const positions = this.#extended ? { stream, epoch: this.#core.store.epoch } : null
    const subscription = new Subscription(stream, this.identity, new CableEnvelope(identifier, positions), this)
    return { subscription, chat, actions: new ChatActions(this.#core, chat, subscription) }
  }

  #unsubscribe(identifier: string): void {
    const entry = this.#entries.get(identifier)
    this.#entries.delete(identifier)
    this.#deciding?.delete(identifier)
    if (!entry) return
    entry.subscription.end()
    this.#core.hub.leave(entry.subscription, entry.chat)
  }

  async #history(identifier: string, history: unknown): Promise<void> {
    const { subscription, chat } = this.#entries.get(identifier) ?? {}
    if (!subscription) return
    await subscription.hold()
    let complete = false
    try {
      const after = chat ? await this.#offset(chat, history) : undefined
      complete = !chat || (after !== undefined && (await replay(this.#core, chat, subscription, after, MAX_REPLAY)))
      if (complete && chat) await tellState(this.#core, chat.id, subscription)
    } catch {
      // Answered below as a refusal: the client reloads over REST
    }
    const type = complete ? 'confirm_history' : 'reject_history'
    if (subscription.isOpen) this.write(new Frame(`{"type":"${type}","identifier":${JSON.stringify(identifier)}}`))
    subscription.release()
  }

  /** Where the client stands in this chat; undefined when that cannot be */
  async #offset({ id }: ChatRecord, history: unknown): Promise<number | undefined> {
    const { store } = this.#core
    const position = asObject(asObject(asObject(history)?.['streams'])?.[chatStream(id)])
    const since = asObject(history)?.['since']
    if (!position && typeof since === 'number' && Math.abs(since) < MAX_TIME) {
      const from = isoTime((since - CLOCK_SLACK) * 1000)
      const [first] = (await store.messages(id, { since: from, limit: 1 })).messages
      return first ? first.seq - 1 : ((await store.findChat(id))?.last_seq ?? 0)
    }
    return resumeFrom(this.#core, id, position?.['offset'], position?.['epoch'])
  }
}

/** An object and no closures: it is kept for as long as the subscription lasts, of which there are many */
class CableEnvelope implements Envelope {
  readonly key: string
  /** The identifier as JSON */
  readonly #identifier: string
  /** Stored messages carry theirs (AnyCable extended) */
  readonly #positions: { stream: string; epoch: string } | null

  constructor(identifier: string, positions: { stream: string; epoch: string } | null) {
    this.#identifier = JSON.stringify(identifier)
    this.#positions = positions
    this.key = positions ? `ext ${this.#identifier}` : this.#identifier
  }

  wrap(json: string, message?: SupportMessage): string {
    const event = `{"identifier":${this.#identifier},"message":${json}`
    if (!this.#positions || !message) return `${event}}`
    const { stream, epoch } = this.#positions
    return `${event},"stream_id":"${stream}","epoch":"${epoch}","offset":${message.seq}}`
  }
}

function noneIfRefused(error: unknown): undefined {
  if (!(error instanceof DeskbellError)) throw error
}

export const disconnectFrame = (reason: DisconnectReason, reconnect: boolean): Frame =>
  new Frame(`{"type":"disconnect","reason":"${reason}","reconnect":${reconnect}}`)
