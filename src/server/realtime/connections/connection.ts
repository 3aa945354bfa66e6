import type { DisconnectReason } from '../../../protocol/cable.ts'
import type { Core } from '../../core.ts'
import { personKey, type Identity } from '../../people/identity.ts'
import type { ConnectionKind } from '../../ports/observer.ts'
import type { Frame, Socket, SocketHandler } from '../../ports/socket.ts'
import type { Connections } from './connections.ts'
import { HostSession } from './host-session.ts'
import type { FrameSink, Subscription } from '../streams/subscription.ts'

/** Bytes that a peer may leave unread. A slower peer is cut off and catches up when it returns */
const MAX_BUFFERED = 1024 * 1024
/** Unknown or malformed frames until a peer is cut off */
const MAX_GARBAGE = 20

/** What every connection is made from */
export interface ConnectionParts<Who extends Identity | undefined = Identity> {
  core: Core
  socket: Socket
  identity: Who
  /** The host named the person for this request, and is asked again while the connection is open */
  hostRequest?: Request | undefined
  connections: Connections
}

/**
 * One open socket. Each dialect extends it. `Who` includes undefined where a person names themselves only when the socket is open; then
 * `identity` and `session` are set once.
 */
export abstract class Connection<Who extends Identity | undefined = Identity> implements SocketHandler, FrameSink {
  identity: Who
  readonly socket: Socket
  session: HostSession | undefined
  /** A ping was sent and not answered yet */
  awaitsPong = false
  readonly #connections: Connections
  readonly #core: Core
  #garbage = 0
  #gone = false

  constructor({ core, socket, identity, hostRequest, connections }: ConnectionParts<Who>) {
    this.socket = socket
    this.identity = identity
    this.session = hostRequest && identity && new HostSession(hostRequest, identity, core.clock.now())
    this.#connections = connections
    this.#core = core
    connections.add(this)
  }

  /** A getter, because the constructor counts the connection before the fields of a subclass exist */
  abstract get kind(): ConnectionKind
  abstract receive(text: string): void
  /** Shows the client that the connection is alive, if its dialect has a frame for that. @param now ms since 1970 */
  abstract beat(now: number): void
  /**
   * Closes the connection, and gives the client the reason if its dialect can
   * @param retryAfter seconds over which those who are sent away should come back, if its dialect can say it
   */
  abstract disconnect(reason: DisconnectReason, reconnect: boolean, retryAfter?: number): void
  /** Ends a subscription to something that is gone, and tells the client */
  abstract reject(subscription: Subscription): void
  /** Leaves all streams */
  protected abstract release(): void

  write(frame: Frame): void {
    if (this.#gone) return
    this.socket.send(frame)
    this.wrote()
  }

  /** Something was written to the socket */
  protected wrote(): void {
    this.#connections.frames++
    if (this.socket.bufferedBytes > MAX_BUFFERED) this.overflow()
  }

  /** Cuts off a peer that reads too slowly; it catches up when it returns */
  overflow(): void {
    this.disconnect('too_slow', true)
  }

  alive(): void {
    // Only the answer to a ping resets the count: a peer could send pongs all the time
    if (this.awaitsPong) this.#garbage = 0
    this.awaitsPong = false
  }

  /** Ends the connection from this side without waiting for the peer */
  close(code: number, reason: string): void {
    if (this.#gone) return
    this.socket.close(code, reason)
    this.closed()
  }

  closed(): void {
    if (this.#gone) return
    this.#gone = true
    this.#connections.delete(this)
    this.release()
  }

  get isOpen(): boolean {
    return !this.#gone
  }

  /**
   * @param nobody by what commands are counted while no person is known
   * @returns false, after it closed the connection, when commands come faster than any client sends them
   */
  protected mayCommand(nobody = ''): boolean {
    try {
      this.#core.commandLimit?.take(this.identity ? personKey(this.identity) : nobody)
      return true
    } catch {
      this.close(1008, 'too many commands')
      return false
    }
  }

  async drained(): Promise<void> {
    let wait = 0
    do {
      const ms = wait
      await new Promise<void>((resolve) => this.#core.clock.after(ms, resolve))
      // Check a slow peer less often
      wait = 50
    } while (!this.#gone && this.socket.bufferedBytes > MAX_BUFFERED / 4)
  }

  /** Ignores an unknown frame, as Rails does, until there are too many of them */
  protected garbage(): void {
    if (++this.#garbage > MAX_GARBAGE) this.close(1008, 'too many invalid frames')
  }
}
