// One WebSocket for all channels, with the protocol `actioncable-v1-ext-json`. It reconnects by itself until `close()`. While
// it cannot, each channel uses an event stream; while that does not work either, the conversation polls over REST.
import { CABLE_EXT, CABLE_UNSUPPORTED, TOKEN_PROTOCOL_PREFIX } from '../../protocol/cable.ts'
import { PERSON_PROTOCOL_PREFIX } from '../../protocol/person.ts'
import { BEAT, LOOK_AT_SOCKET, SOCKET_SILENCE } from '../../protocol/timing.ts'
import { isOffline, onAttention, onOffline } from './attention.ts'
import type { Backoff } from './backoff.ts'
import { createBackoff } from './backoff.ts'
import type { ChannelParams, ServerFrame, Subscription, SubscriptionHandlers } from './cable-frames.ts'
import { parseFrame } from './cable-frames.ts'
import { CableSubscription } from './cable-subscription.ts'
import type { Session } from './session.ts'
import type { ConnectionStatus } from './status.ts'

/** How long (ms) to wait for the name of a cookie's person before the first socket is opened without it */
const UNNAMED = 1_000

export interface CableOptions {
  /** ws:// or wss:// */
  url: string
  session: Session
  backoff?: Backoff
}

export class Cable {
  readonly #options: CableOptions
  readonly #backoff: Backoff
  readonly #subscriptions = new Map<string, CableSubscription>()
  readonly #listeners = new Set<(status: ConnectionStatus) => void>()
  #socket: WebSocket | null = null
  /** Of the socket alone */
  #status: ConnectionStatus = 'connecting'
  #shown: ConnectionStatus = 'connecting'
  #running = false
  /** The person for whom the socket was asked for */
  #stated: string | null = null
  #waited = false
  #refreshed = false
  #restWorks = false
  #hung = false
  #lastFrame = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #watch: ReturnType<typeof setInterval> | undefined
  #forget: (() => void)[] = []

  constructor(options: CableOptions) {
    this.#options = options
    this.#backoff = options.backoff ?? createBackoff()
  }

  /** For people: where a proxy lets no socket through, an event stream or polling that works counts as connected */
  get status(): ConnectionStatus {
    const works = this.#restWorks || [...this.#subscriptions.values()].some(({ stream }) => stream?.live)
    return works ? 'connected' : this.#status
  }
  /** Connected, and the last frame is no older than about one ping interval */
  get fresh(): boolean {
    return this.#status === 'connected' && Date.now() - this.#lastFrame < BEAT + 1_000
  }

  /** Reports whether a REST request got an answer while the socket was down. A change of the event stream's state resets it. */
  restAnswered(answered: boolean): void {
    // A socket that was just lost is soon back, and REST does not count until it is down for good
    this.#restWorks = answered && this.#isDown
    this.#show()
  }

  onStatus(listener: (status: ConnectionStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  open(): void {
    if (this.#running) return
    this.#running = true
    this.#forget = [
      onAttention(() => this.nudge()),
      onOffline(() => this.#cut()),
      this.#options.session.onChange(() => this.#named()),
    ]
    this.#watch = setInterval(() => this.#checkStale(), LOOK_AT_SOCKET)
    this.#connect()
  }

  /** A second subscription to the same channel replaces the first one */
  subscribe(params: ChannelParams, handlers: SubscriptionHandlers): Subscription {
    const identifier = JSON.stringify(params)
    this.#subscriptions.get(identifier)?.unsubscribe()
    const subscription = new CableSubscription(
      identifier,
      handlers,
      (frame) => this.#send(frame),
      () => this.#subscriptions.delete(identifier),
    )
    this.#subscriptions.set(identifier, subscription)
    this.open()
    if (this.#status === 'connected') subscription.subscribe()
    else if (this.#isDown) void this.#standIn()
    return subscription
  }

  /** The network may be back: connects now, or checks that the socket is still alive */
  nudge(): void {
    if (!this.#running) return
    for (const { stream } of this.#subscriptions.values()) stream?.nudge()
    if (!this.#socket) {
      this.#refreshed = false
      this.#connect()
    } else this.#checkStale()
  }

  close(): void {
    this.#running = false
    for (const undo of this.#forget.splice(0)) undo()
    clearInterval(this.#watch)
    clearTimeout(this.#retry)
    this.#drop()
    this.#endStreams()
  }

  #connect(): void {
    clearTimeout(this.#retry)
    this.#lastFrame = Date.now()
    this.#options.session
      .token()
      .then((token) => {
        if (!this.#running || this.#socket) return
        // The first answer to a request will say whose the cookie is, which may be another's by then
        if (token !== null || this.#options.session.person !== null || this.#waited) return this.#dial(token)
        this.#waited = true
        this.#retry = setTimeout(() => this.#connect(), UNNAMED)
      })
      .catch(() => this.#lost())
  }

  #dial(token: string | null): void {
    const protocols = [CABLE_EXT, CABLE_UNSUPPORTED]
    const url = new URL(this.#options.url)
    const { person } = this.#options.session
    this.#stated = person
    if (person !== null) protocols.push(PERSON_PROTOCOL_PREFIX + person)
    // A browser throws for a protocol name with other characters, so such a token goes into the address
    if (token !== null && /[^\w.~-]/.test(token)) url.searchParams.set('jid', token)
    else if (token !== null) protocols.push(TOKEN_PROTOCOL_PREFIX + token)
    const socket = new WebSocket(url, protocols)
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
      this.#refreshed = this.#restWorks = this.#hung = false
      this.#set('connected')
      for (const subscription of this.#subscriptions.values()) subscription.subscribe()
    } else if (frame.type === 'disconnect') this.#dismissed(frame)
    else if (frame.identifier !== undefined) this.#subscriptions.get(frame.identifier)?.receive(frame)
  }

  /** Called when the session's person has become known. A socket that was opened before may belong to another person */
  #named(): void {
    const { person, byCookie } = this.#options.session
    if (!byCookie || person === this.#stated) return
    this.#drop()
    this.#connect()
  }

  #dismissed(frame: ServerFrame): void {
    if (frame.reconnect !== false) return this.#lost()
    const expired = frame.reason === 'unauthorized' || frame.reason === 'token_expired'
    if (!expired || this.#refreshed) return this.#stop()
    // Once per outage: a host whose new token is refused too must not be asked in a loop.
    this.#refreshed = true
    this.#drop()
    this.#set('reconnecting')
    this.#options.session.freshToken().then(
      (token) => (token === null ? this.#stop() : this.#connect()),
      () => this.#lost(),
    )
  }

  /** Stops reconnecting; the next attempt is made when the page comes to the front */
  #stop(): void {
    this.#drop()
    this.#endStreams()
    this.#set('offline')
  }

  #lost(): void {
    this.#drop()
    if (!this.#running) return
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#connect(), this.#backoff.next())
    this.#set(isOffline() || this.#backoff.tries > 4 ? 'offline' : 'reconnecting')
    if (this.#isDown && !isOffline()) void this.#standIn()
  }

  /** The socket has failed more than once, so this is no short interruption */
  get #isDown(): boolean {
    return this.#hung || this.#backoff.tries > 1
  }

  #endStreams(): void {
    for (const subscription of this.#subscriptions.values()) subscription.endStream()
  }

  async #standIn(): Promise<void> {
    // If the script does not load either, polling goes on, and the next failed attempt loads it again
    const { EventStream } = await import('./event-stream.ts').catch(() => ({ EventStream: null }))
    if (!EventStream || !this.#running || this.#status === 'connected') return
    const { url, session } = this.#options
    for (const subscription of this.#subscriptions.values())
      subscription.standIn((handlers) => {
        // A proxy that ends one stream ends the next one too, so the waits are longer than those of the socket
        const backoff = createBackoff(1_000, 60_000)
        return new EventStream({ cable: url, session, handlers, backoff, changed: () => this.restAnswered(false) })
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
    if (!this.#socket || Date.now() - this.#lastFrame <= SOCKET_SILENCE) return
    // Neither a welcome nor a refusal came: a proxy swallows the upgrade, or what follows it
    this.#hung ||= this.#status !== 'connected'
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
