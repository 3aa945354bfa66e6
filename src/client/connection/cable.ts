// One WebSocket for all channels, with the protocol `actioncable-v1-ext-json`. It reconnects by itself until `close()`. While
// it cannot, each channel uses an event stream; while that does not work either, the conversation polls over REST. A channel whose
// server names a hosted service listens to that one instead, and the socket is for when the service is away.
import { CABLE_UNSUPPORTED } from '../../protocol/cable.ts'
import { BEAT, LOOK_AT_SOCKET, SERVICE_ANSWERS, SOCKET_SILENCE, UNNAMED } from '../../protocol/timing.ts'
import { age } from './age.ts'
import { isOffline, onAttention, onOffline } from './attention.ts'
import type { Backoff } from './backoff.ts'
import { createBackoff } from './backoff.ts'
import type { ChannelParams, ServerFrame, Subscription, SubscriptionHandlers } from './cable-frames.ts'
import { parseFrame } from './cable-frames.ts'
import { CableSubscription } from './cable-subscription.ts'
import { openSocket } from './open-socket.ts'
import type { Session } from './session.ts'
import type { ConnectionStatus } from './status.ts'
import type { StreamModule } from './stream.ts'

export interface CableOptions {
  /** ws:// or wss:// */
  url: string
  session: Session
  backoff?: Backoff | undefined
}

export class Cable {
  /** Loads what listens to services. Without it, all goes as if the server named none */
  declare static listenBy?: () => Promise<StreamModule>
  readonly #options: CableOptions
  readonly #backoff: Backoff
  readonly #subscriptions = new Map<string, CableSubscription>()
  readonly #listeners = new Set<(status: ConnectionStatus) => void>()
  #socket: WebSocket | null = null
  /** Of the socket alone */
  #status: ConnectionStatus = 'connecting'
  #shown: ConnectionStatus = 'connecting'
  #running = false
  /** The person for whom a socket without a token was asked for; undefined: it was asked for with one */
  #stated: string | null | undefined = null
  #waited = false
  #refreshed = false
  #restWorks = false
  #lastFrame = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #forget: (() => void)[] = []

  constructor(options: CableOptions) {
    this.#options = options
    this.#backoff = options.backoff ?? createBackoff()
  }

  /** For people: where a proxy lets no socket through, an event stream or polling that works counts as connected */
  get status(): ConnectionStatus {
    return this.#restWorks || this.#some(({ stream }) => stream?.live) ? 'connected' : this.#status
  }
  /** This is no short interruption; or no socket is wanted */
  get down(): boolean {
    return this.#isServed || this.#backoff.down
  }
  /** Connected, and the last frame is no older than about one ping interval */
  get fresh(): boolean {
    return this.#status === 'connected' && age(this.#lastFrame) < BEAT + 1_000
  }

  /** Reports whether a REST request got an answer while the socket was down. A change of the event stream's state resets it. */
  restAnswered(answered: boolean): void {
    if (answered) this.#backoff.answered()
    // A socket that was just lost is soon back, and REST does not count until it is down for good
    this.#restWorks = answered && this.down
    this.#show()
  }

  onStatus(listener: (status: ConnectionStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  open(): void {
    if (this.#running) return
    this.#running = true
    const watch = setInterval(() => this.#checkStale(), LOOK_AT_SOCKET)
    this.#forget = [
      () => clearInterval(watch),
      onAttention(() => this.nudge()),
      onOffline(() => this.#cut()),
      this.#options.session.onChange(() => this.#named()),
    ]
    this.#connect()
  }

  /** A second subscription to the same channel replaces the first one */
  subscribe(params: ChannelParams, handlers: SubscriptionHandlers): Subscription {
    const identifier = JSON.stringify(params)
    const wasServed = this.#isServed
    this.#subscriptions.get(identifier)?.unsubscribe()
    const subscription = new CableSubscription(
      identifier,
      handlers,
      (frame) => this.#send(frame),
      () => this.#subscriptions.delete(identifier),
    )
    this.#subscriptions.set(identifier, subscription)
    this.open()
    // Where a channel had a service already, a socket is there because the service is away
    if (this.#isServed && !wasServed) {
      this.#drop()
      this.#set('connecting')
      this.#connectLater(SERVICE_ANSWERS)
    }
    if (this.#status === 'connected') subscription.subscribe()
    else if (this.down) this.#standIn()
    return subscription
  }

  /** The network may be back: connects now, or checks that the socket is still alive */
  nudge(): void {
    if (!this.#running) return
    for (const { stream } of this.#subscriptions.values()) stream?.nudge()
    if (this.#socket) return this.#checkStale()
    this.#refreshed = false
    // A token is on its way, or a service that was just named is being joined
    if (this.#status !== 'connecting') this.#connect()
  }

  close(): void {
    this.#running = false
    for (const undo of this.#forget.splice(0)) undo()
    clearTimeout(this.#retry)
    this.#drop()
    this.#endStreams()
  }

  #connectLater(ms: number): void {
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#connect(), ms)
  }

  #connect(): void {
    clearTimeout(this.#retry)
    this.#retry = undefined
    // The host may be unable to hold sockets at all
    if (this.#some(({ stream }) => stream?.suffices)) return this.#connectLater(SERVICE_ANSWERS)
    this.#options.session
      .token()
      .then((token) => {
        // Meanwhile a service may have taken its place
        if (!this.#running || this.#socket || this.#retry !== undefined) return
        // The first answer to a request will say whose the cookie is, which may be another's by then
        if (token !== null || this.#options.session.person !== null || this.#waited) return this.#dial(token)
        this.#waited = true
        this.#connectLater(UNNAMED)
      })
      // Another call may have waited for the same token, and has counted this as one try
      .catch(() => this.#retry ?? this.#lost())
  }

  #dial(token: string | null): void {
    const { url, session } = this.#options
    this.#stated = token === null ? session.person : undefined
    const socket = openSocket(url, session.person, token)
    this.#socket = socket
    this.#lastFrame = Date.now()
    socket.onopen = () => {
      if (socket.protocol === CABLE_UNSUPPORTED) this.#stop()
    }
    socket.onmessage = (event: MessageEvent) => {
      if (socket !== this.#socket) return
      this.#lastFrame = Date.now()
      const frame = parseFrame(event.data)
      if (frame) this.#receive(frame)
    }
    socket.onclose = () => {
      if (socket === this.#socket) this.#lost()
    }
  }

  #receive(frame: ServerFrame): void {
    if (frame.type === 'welcome') {
      this.#backoff.reset()
      this.#refreshed = this.#restWorks = false
      this.#set('connected')
      for (const subscription of this.#subscriptions.values()) subscription.subscribe()
    } else if (frame.type === 'disconnect') this.#dismissed(frame)
    else if (frame.identifier !== undefined) this.#subscriptions.get(frame.identifier)?.receive(frame)
  }

  /**
   * Called when the session's person has become known. A socket that was opened before may belong to another person, or to nobody:
   * who has no cookie may be a visitor since
   */
  #named(): void {
    if ([undefined, this.#options.session.person].includes(this.#stated)) return
    this.#drop()
    this.#connect()
  }

  #dismissed(frame: ServerFrame): void {
    if (frame.reconnect !== false) return this.#lost(frame.retry_after)
    const expired = frame.reason === 'unauthorized' || frame.reason === 'token_expired'
    if (!expired || this.#refreshed) return this.#stop()
    // Once per outage: a host whose new token is refused too must not be asked in a loop.
    this.#refreshed = true
    this.#drop()
    this.#set('reconnecting')
    this.#options.session.freshToken().then(
      (token) => (token === null && !this.#socket ? this.#stop() : this.#connect()),
      () => this.#lost(),
    )
  }

  /** Stops reconnecting; the next attempt is made when the page comes to the front */
  #stop(): void {
    this.#drop()
    this.#endStreams()
    this.#set('offline')
  }

  /** @param within as in `Backoff.next` */
  #lost(within?: number): void {
    this.#drop()
    if (!this.#running) return
    this.#connectLater(this.#backoff.next(within))
    this.#set(isOffline() || (this.down && this.#backoff.tries > 4) ? 'offline' : 'reconnecting')
    if (this.down && !isOffline()) this.#standIn()
  }

  /** A channel listens to a service */
  get #isServed(): boolean {
    return Cable.listenBy !== undefined && this.#some(({ isServed }) => isServed)
  }

  #some(is: (subscription: CableSubscription) => boolean | undefined): boolean {
    return [...this.#subscriptions.values()].some(is)
  }

  #endStreams(): void {
    for (const subscription of this.#subscriptions.values()) subscription.endStream()
  }

  /** Each channel gets a stream of its own, unless it has one */
  #standIn(): void {
    const { url, session } = this.#options
    for (const subscription of this.#subscriptions.values())
      void subscription.standIn(Cable.listenBy, () => this.#running && this.#status !== 'connected', {
        cable: url,
        session,
        changed: (works) => this.restAnswered(works),
        lost: () => this.#lost(),
      })
  }

  /** The browser has no network. The socket may not notice, and would only be found dead by its silence. */
  #cut(): void {
    for (const { stream } of this.#subscriptions.values()) stream?.cut()
    this.#restWorks = false
    if (this.#socket) this.#lost()
    else this.#set('offline')
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = null
    socket?.close()
    for (const subscription of this.#subscriptions.values()) subscription.lost()
  }

  #checkStale(): void {
    // A dead connection often never closes by itself; the missing pings show it.
    if (!this.#socket || age(this.#lastFrame) <= SOCKET_SILENCE) return
    // Neither a welcome nor a refusal came, as where a proxy swallows the upgrade, or what follows it: that counts as two
    if (this.#status !== 'connected') this.#backoff.next()
    this.#lost()
  }

  #send(frame: object): boolean {
    if (this.#status !== 'connected' || this.#socket?.readyState !== 1) return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }

  #set(status: ConnectionStatus): void {
    this.#status = status
    this.#show()
  }

  #show(): void {
    const { status } = this
    if (status === this.#shown) return
    this.#shown = status
    for (const listener of this.#listeners) listener(status)
  }
}
