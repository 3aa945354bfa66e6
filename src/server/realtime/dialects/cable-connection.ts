import {
  ACTIVITY_CHANNEL,
  ADMIN_CHANNEL,
  CHAT_CHANNEL,
  CHAT_CHANNEL_ALIAS,
  type CableFrame,
  type DisconnectReason,
} from '../../../protocol/cable.ts'
import { encode, encodeEvent } from '../../../protocol/encode.ts'
import { DeskbellError } from '../../../protocol/errors.ts'
import { findChat } from '../../chats/open.ts'
import type { Core } from '../../core.ts'
import { sideOf, type Identity } from '../../people/identity.ts'
import { storableTime } from '../../http/input.ts'
import { Frame } from '../../ports/socket.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
import { ActivityActions } from './activity-actions.ts'
import { ChatActions, nackOf } from './chat-actions.ts'
import { Connection, type ConnectionParts } from '../connections/connection.ts'
import { resume, resumeFrom } from '../streams/resume.ts'
import { disconnectFrame } from '../connections/disconnect.ts'
import { CableEnvelope } from './cable-envelope.ts'
import { asObject, parseObject } from './parse.ts'
import { Subscription } from '../streams/subscription.ts'
import { staffTopic, streamOf, type Topic } from '../streams/topic.ts'

const MAX_IDENTIFIER = 1_000
/** Characters that a client may send before its subscription is confirmed */
const MAX_EARLY = 256 * 1024

/** Finds the topic of each channel. @throws DeskbellError when this person may not subscribe to it */
const CHANNELS = new Map<unknown, (core: Core, identity: Identity, params: Record<string, unknown>) => Promise<Topic>>([
  [CHAT_CHANNEL, chatTopic],
  [CHAT_CHANNEL_ALIAS, chatTopic],
  [ACTIVITY_CHANNEL, activityTopic],
  [ADMIN_CHANNEL, async (_core, identity) => staffTopic(identity)],
])

async function chatTopic(core: Core, identity: Identity, params: Record<string, unknown>): Promise<Topic> {
  return { type: 'chat', chat: await findChat(core, { identity, action: 'read_chat', id: params['chat_id'] }) }
}

async function activityTopic(core: Core, identity: Identity, params: Record<string, unknown>): Promise<Topic> {
  return { type: 'activity', chat: await findChat(core, { identity, action: 'read_activity', id: params['chat_id'] }) }
}

/** One per subscribed identifier */
interface Entry {
  subscription: Subscription
  /** What the client can do there; undefined for the stream about all chats, which takes no actions */
  actions?: ChatActions | ActivityActions
}

/** A dashboard watches many chats. A user has one, to which a client may subscribe under several identifiers */
const MAX_SUBSCRIPTIONS = { admin: 1_000, user: 10 }
/** Seconds by which the clock of a client that asks for `since` may be wrong */
const CLOCK_SLACK = 5
const frameOf = (frame: CableFrame): Frame => new Frame(encode(frame))
const WELCOME = frameOf({ type: 'welcome' })

export class CableConnection extends Connection {
  readonly #core: Core
  readonly #extended: boolean
  /** By identifier, byte for byte */
  readonly #entries = new Map<string, Entry>()
  /** Identifiers whose subscription is being decided, with the messages that arrived meanwhile */
  #deciding: Map<string, Record<string, unknown>[]> | undefined
  /** Decisions under way, also about what the client has left again, and characters in the messages that wait for them */
  #decisions = 0
  #early = 0

  constructor(parts: ConnectionParts, extended: boolean) {
    super(parts)
    this.#core = parts.core
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
    // Each event repeats the identifier, so a long one would be costly. Those of Rails take one line
    if (typeof identifier !== 'string' || identifier.length > MAX_IDENTIFIER) return this.garbage()
    // Sending has its own limit, which is answered with a nack
    if (frame?.['command'] !== 'message' && !this.mayCommand()) return
    switch (frame?.['command']) {
      case 'message': {
        const data = typeof frame['data'] === 'string' ? parseObject(frame['data']) : undefined
        if (data?.['action'] !== 'send_message' && !this.mayCommand()) return
        if (!data || !this.#perform(identifier, data, text.length)) this.garbage()
        return
      }
      case 'subscribe':
        // Rails does not answer for an unknown channel either
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
        const actions = this.#entries.get(identifier)?.actions
        if (data?.['type'] === 'typing' && actions instanceof ChatActions) actions.typing(data['typing'] === true)
        return
      }
      default:
        this.garbage()
    }
  }

  override beat(now: number): void {
    this.write(pingFrame(Math.floor(now / 1000)))
  }

  override disconnect(reason: DisconnectReason, reconnect: boolean, retryAfter?: number): void {
    this.socket.send(disconnectFrame(reason, reconnect, retryAfter))
    this.close(reconnect ? 1001 : 1000, reason)
  }

  override reject(subscription: Subscription): void {
    for (const [identifier, entry] of this.#entries) {
      if (entry.subscription !== subscription) continue
      this.#unsubscribe(identifier)
      this.write(frameOf({ identifier, type: 'reject_subscription' }))
    }
  }

  protected override release(): void {
    for (const { subscription } of this.#entries.values()) this.#core.hub.leave(subscription)
    this.#entries.clear()
    this.#deciding = undefined
  }

  /** @returns false without a subscription, and for an unknown action */
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
    return this.#entries.size + (this.#deciding?.size ?? 0) < MAX_SUBSCRIPTIONS[sideOf(this.identity)]
  }

  async #subscribe(identifier: string, history: unknown): Promise<void> {
    const early: Record<string, unknown>[] = []
    // Dropped afterwards, so that an idle connection takes little memory
    const deciding = (this.#deciding ??= new Map())
    deciding.set(identifier, early)
    this.#decisions++
    let entry: Entry | undefined
    try {
      entry = await this.#open(identifier)
    } catch {
      // The database is unavailable. A rejection would be final; a client that reconnects subscribes again
      return this.close(1011, 'unavailable')
    }
    if (!this.isOpen) return
    if (--this.#decisions === 0) this.#early = 0
    // The client may have unsubscribed, and even subscribed again, while the chat was looked up
    const isWanted = deciding.get(identifier) === early
    if (isWanted) {
      deciding.delete(identifier)
      if (deciding.size === 0) this.#deciding = undefined
      this.#answer(identifier, entry)
    }
    for (const data of early) this.#performEarly(identifier, entry, data)
    if (!isWanted) return
    if (this.#extended && history !== undefined) await this.#history(identifier, history)
  }

  #answer(identifier: string, entry: Entry | undefined): void {
    if (!entry) return this.write(frameOf({ identifier, type: 'reject_subscription' }))
    this.#entries.set(identifier, entry)
    this.write(frameOf({ identifier, type: 'confirm_subscription' }))
    this.#core.hub.join(entry.subscription)
  }

  /** What was sent before the decision counts, even if the client has unsubscribed since: messages are stored or refused, never lost */
  #performEarly(identifier: string, entry: Entry | undefined, data: Record<string, unknown>): void {
    if (entry) entry.actions?.perform(data)
    else if (data['action'] === 'send_message') {
      const nack = nackOf(data['client_id'], new DeskbellError('not_found'))
      this.write(new Frame(new CableEnvelope(identifier, null).wrap(encodeEvent(nack))))
    }
  }

  /** @returns undefined when this person may not subscribe */
  async #open(identifier: string): Promise<Entry | undefined> {
    const params = parseObject(identifier) ?? {}
    const topic = await CHANNELS.get(params['channel'])?.(this.#core, this.identity, params).catch(noneIfRefused)
    if (!topic) return undefined
    const { store } = this.#core
    const positions = this.#extended && topic.type !== 'staff' ? { stream: streamOf(topic), epoch: store.epoch } : null
    const subscription = new Subscription({
      topic,
      identity: this.identity,
      envelope: new CableEnvelope(identifier, positions),
      sink: this,
    })
    if (topic.type === 'staff') return { subscription }
    if (topic.type === 'activity')
      return { subscription, actions: new ActivityActions(this.#core, this.identity, topic.chat.id) }
    return { subscription, actions: new ChatActions(this.#core, topic.chat, subscription) }
  }

  #unsubscribe(identifier: string): void {
    const entry = this.#entries.get(identifier)
    this.#entries.delete(identifier)
    this.#deciding?.delete(identifier)
    if (!entry) return
    entry.subscription.end()
    this.#core.hub.leave(entry.subscription)
  }

  async #history(identifier: string, history: unknown): Promise<void> {
    const subscription = this.#entries.get(identifier)?.subscription
    if (!subscription) return
    const { topic } = subscription
    await subscription.hold()
    const isResumed =
      // The staff stream has nothing to replay: the list is loaded over REST
      topic.type === 'staff' ||
      (await resume(this.#core, { chat: topic.chat, subscription, from: (row) => this.#offset(topic, history, row) }))
    const type = isResumed ? 'confirm_history' : 'reject_history'
    if (subscription.isOpen) this.write(frameOf({ type, identifier }))
    subscription.release()
  }

  /** @returns the last seq that the client has in this stream; undefined for an invalid position */
  async #offset(
    topic: Exclude<Topic, { type: 'staff' }>,
    history: unknown,
    row: ChatRecord | undefined,
  ): Promise<number | undefined> {
    const position = asObject(asObject(asObject(history)?.['streams'])?.[streamOf(topic)])
    const since = asObject(history)?.['since']
    if (!position && typeof since === 'number' && topic.type === 'chat') {
      const from = storableTime((since - CLOCK_SLACK) * 1000)
      const [first] = (await this.#core.store.messages(topic.chat.id, { since: from, limit: 1 })).messages
      return first ? first.seq - 1 : (row?.last_seq ?? 0)
    }
    const { offset, epoch } = position ?? {}
    return resumeFrom(this.#core, { row, of: topic.type, offset, epoch })
  }
}

/** Connections that are pinged in the same second share a frame */
function pingFrame(second: number): Frame {
  if (ping.second !== second) ping = { second, frame: frameOf({ type: 'ping', message: second }) }
  return ping.frame
}
let ping = { second: 0, frame: frameOf({ type: 'ping', message: 0 }) }

function noneIfRefused(error: unknown): undefined {
  if (!(error instanceof DeskbellError)) throw error
}
