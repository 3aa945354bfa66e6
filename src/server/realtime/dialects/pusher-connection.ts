import type { DisconnectReason } from '../../../protocol/cable.ts'
import { DeskbellError } from '../../../protocol/errors.ts'
import type { Core } from '../../core.ts'
import { isSamePerson, sideOf, type Identity } from '../../people/identity.ts'
import { ConnectionSlot } from '../connections/admission.ts'
import { Connection, type ConnectionParts } from '../connections/connection.ts'
import { HostSession } from '../connections/host-session.ts'
import { topicOf } from '../pusher/channels.ts'
import { Subscription } from '../streams/subscription.ts'
import type { Topic } from '../streams/topic.ts'
import { ChatActions } from './chat-actions.ts'
import { asObject, parseObject } from './parse.ts'
import {
  ENDINGS,
  errorFrame,
  established,
  OVER_CAPACITY,
  PONG,
  PusherEnvelope,
  subscriptionError,
  subscriptionSucceeded,
  UNAVAILABLE,
  type Ending,
} from './pusher-frames.ts'
import type { Grant, PusherGrants } from './pusher-grants.ts'

/** Characters. Each event repeats the name */
const MAX_CHANNEL = 200
/** As over the cable. As many as staff may have may wait for their decision */
const MAX_SUBSCRIPTIONS = { admin: 1_000, user: 10 }

interface Entry {
  subscription: Subscription
  /** Undefined for the staff channel, to which clients send nothing */
  actions: ChatActions | undefined
}

type Fields = Record<string, unknown>

/** What became of the wish to hear a channel */
type Decision =
  | { is: 'allowed'; grant: Grant; topic: Topic }
  /** The client may not hear it */
  | { is: 'refused' }
  /** Nothing of this server: nobody who asked for it would have it */
  | { is: 'forged' }

/**
 * One socket of a client of Pusher Channels. Nobody is known when it opens; the first channel that it may hear names its person, and it is
 * theirs from then on.
 */
export class PusherConnection extends Connection<Identity | undefined> {
  readonly #core: Core
  readonly #grants: PusherGrants
  readonly #socketId = newSocketId()
  /** By channel */
  readonly #entries = new Map<string, Entry>()
  /** Channels that are being decided, each with its own mark: the client may leave and come back meanwhile */
  readonly #deciding = new Map<string, object>()
  /** That of the person */
  #slot: ConnectionSlot | undefined

  constructor(parts: ConnectionParts<undefined>, grants: PusherGrants) {
    super(parts)
    this.#core = parts.core
    this.#grants = grants
    this.write(established(this.#socketId))
  }

  override get kind(): 'pusher' {
    return 'pusher'
  }

  override receive(text: string): void {
    if (!this.isOpen) return
    const frame = parseObject(text)
    const event = frame?.['event']
    if (!frame || typeof event !== 'string') return this.garbage()
    if (!this.mayCommand(`socket:${this.#socketId}`)) return
    const data = fieldsOf(frame['data'])
    switch (event) {
      case 'pusher:ping':
        return this.write(PONG)
      case 'pusher:pong':
        return
      case 'pusher:subscribe':
        return this.#subscribe(data?.['channel'], data?.['auth'])
      case 'pusher:unsubscribe':
        return this.#unsubscribe(data?.['channel'])
      case 'client-typing':
        return this.#typing(frame['channel'], data)
      default:
        if (!event.startsWith('client-')) return this.garbage()
        this.write(errorFrame(4301, 'The only client event here is client-typing. Messages are sent over REST'))
    }
  }

  /** RFC 6455 pings are enough. The client asks by itself after a silence */
  override beat(): void {}

  override disconnect(reason: DisconnectReason): void {
    this.#end(ENDINGS[reason])
  }

  override reject(subscription: Subscription): void {
    for (const [channel, entry] of this.#entries) if (entry.subscription === subscription) this.#refuse(channel)
  }

  protected override release(): void {
    for (const { subscription } of this.#entries.values()) this.#core.hub.leave(subscription)
    this.#entries.clear()
    this.#deciding.clear()
    this.#slot?.leave()
  }

  #end([code, message]: Ending): void {
    this.socket.send(errorFrame(code, message))
    this.close(code, message)
  }

  #subscribe(channel: unknown, auth: unknown): void {
    if (typeof channel !== 'string' || channel.length > MAX_CHANNEL) return this.garbage()
    if (this.#entries.has(channel) || this.#deciding.has(channel)) {
      return this.write(errorFrame(null, `There is a subscription to ${channel} already`))
    }
    if (this.#deciding.size >= MAX_SUBSCRIPTIONS.admin || this.#isFull) return this.#refuseMore(channel)
    void this.#answer(channel, auth)
  }

  get #isFull(): boolean {
    return this.#entries.size >= MAX_SUBSCRIPTIONS[this.identity ? sideOf(this.identity) : 'admin']
  }

  #refuseMore(channel: string): void {
    this.write(subscriptionError(channel, 'There are too many subscriptions', 429))
  }

  async #answer(channel: string, auth: unknown): Promise<void> {
    const mark = {}
    this.#deciding.set(channel, mark)
    let decision: Decision
    try {
      decision = await this.#decide(channel, auth)
    } catch {
      // The database is unavailable. A client that comes back subscribes again
      return this.#end(UNAVAILABLE)
    }
    if (this.#deciding.get(channel) !== mark) return
    this.#deciding.delete(channel)
    if (decision.is === 'allowed') return this.#join(channel, decision)
    this.#refuse(channel)
    if (decision.is === 'forged') this.garbage()
  }

  async #decide(channel: string, auth: unknown): Promise<Decision> {
    // A public channel, which there is not
    if (typeof auth !== 'string') return { is: 'refused' }
    const grant = await this.#grants.open(auth, { socketId: this.#socketId, channel })
    if (!grant) return { is: 'forged' }
    try {
      await this.#core.revocations.check(grant.identity)
      return { is: 'allowed', grant, topic: await topicOf(this.#core, grant.identity, channel) }
    } catch (error) {
      if (!(error instanceof DeskbellError) || error.code === 'unavailable') throw error
      return { is: 'refused' }
    }
  }

  #join(channel: string, { grant, topic }: Extract<Decision, { is: 'allowed' }>): void {
    const { identity } = grant
    if (identity.expiresAt !== null && identity.expiresAt <= this.#core.clock.now())
      return this.disconnect('token_expired')
    // The host decides anew about credentials that do not say when they were issued
    if (this.#core.revocations.covers({ ...identity, issuedAt: identity.issuedAt ?? grant.grantedAt })) {
      return this.disconnect('remote')
    }
    if (!this.identity && !this.#name(grant)) return this.#end(OVER_CAPACITY)
    if (!this.identity || !isSamePerson(this.identity, identity)) return this.#refuse(channel)
    if (this.#isFull) return this.#refuseMore(channel)
    const subscription = new Subscription({ topic, identity, envelope: new PusherEnvelope(channel), sink: this })
    const actions = topic.type === 'chat' ? new ChatActions(this.#core, topic.chat, subscription) : undefined
    this.#entries.set(channel, { subscription, actions })
    this.write(subscriptionSucceeded(channel))
    this.#core.hub.join(subscription)
  }

  /** @returns false when the person has too many connections */
  #name({ identity, hostRequest, grantedAt }: Grant): boolean {
    this.#slot = ConnectionSlot.take(this.#core, undefined, identity)
    if (!this.#slot) return false
    this.identity = identity
    // The host has answered then, and not now
    this.session = hostRequest && new HostSession(hostRequest, identity, grantedAt)
    return true
  }

  #refuse(channel: string): void {
    this.#unsubscribe(channel)
    this.write(subscriptionError(channel, 'You may not hear this channel', 403))
  }

  #unsubscribe(channel: unknown): void {
    if (typeof channel !== 'string') return this.garbage()
    this.#deciding.delete(channel)
    const entry = this.#entries.get(channel)
    this.#entries.delete(channel)
    if (!entry) return
    entry.subscription.end()
    this.#core.hub.leave(entry.subscription)
  }

  /** Clients of Laravel's documentation send their name alone, which says that they type */
  #typing(channel: unknown, data: Fields | undefined): void {
    const actions = typeof channel === 'string' ? this.#entries.get(channel)?.actions : undefined
    if (actions) actions.typing(data?.['typing'] !== false)
    else this.write(errorFrame(4301, 'Subscribe to the channel of a chat first'))
  }
}

/** Some clients send an object, some JSON in a string */
const fieldsOf = (data: unknown): Fields | undefined => (typeof data === 'string' ? parseObject(data) : asObject(data))

/** Two numbers with a dot between them: what clients of the protocol expect. Nobody can guess it */
function newSocketId(): string {
  const [a, b, c, d] = crypto.getRandomValues(new Uint32Array(4))
  return `${a}${b}.${c}${d}`
}
