import type { DisconnectReason } from '../../../protocol/cable.ts'
import type { Core } from '../../core.ts'
import { personKey, type Identity } from '../../people/identity.ts'
import type { ConnectionKind } from '../../ports/observer.ts'
import type { Frame, Socket, SocketHandler } from '../../ports/socket.ts'
import type { Connections } from './connections.ts'
import type { FrameSink } from '../streams/subscription.ts'

/** Bytes that a peer may leave unread; a slower one is cut off and catches up when it returns */
const MAX_BUFFERED = 1024 * 1024
/** Frames that make no sense before a peer is cut off */
const MAX_GARBAGE = 20

/** One open socket of a known person. The dialects derive from it. */
export abstract class Connection implements SocketHandler, FrameSink {
  readonly identity: Identity
  readonly socket: Socket
  /** A ping is out and was not answered */
  awaitsPong = false
  readonly #connections: Connections
  readonly #core: Core
  #garbage = 0
  #gone = false

  constructor(socket: Socket, identity: Identity, connections: Connections, core: Core) {
    this.socket = socket
    this.identity = identity
    this.#connections = connections
    this.#core = core
    connections.add(this)
  }

  /** On the prototype: it is counted before the fields of those that derive from this are there */
  abstract get kind(): ConnectionKind
  abstract receive(text: string): void
  /** Keeps the client from taking the connection for dead, where its dialect has a frame for that. @param now ms since 1970 */
  abstract beat(now: number): void
  /** Tells the client why, as far as its dialect can, and closes */
  abstract disconnect(reason: DisconnectReason, reconnect: boolean): void
  /** Leaves all streams */
  protected abstract release(): void

  write(frame: Frame): void {
    if (this.#gone) return
    this.socket.send(frame)
    this.#connections.frames++
    if (this.socket.bufferedBytes > MAX_BUFFERED) this.overflow()
  }

  /** Cuts off a peer that does not take what it is sent; it catches up when it returns */
  overflow(): void {
    this.disconnect('too_slow', true)
  }

  alive(): void {
    // Asked for once in a while: those that nobody asked for excuse nothing
    if (this.awaitsPong) this.#garbage = 0
    this.awaitsPong = false
  }

  /** Ends the connection from this side; the peer is not waited for */
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

  /** False, and the end of the connection, for a person who commands faster than any client does */
  protected mayCommand(): boolean {
    try {
      this.#core.commandLimit?.take(personKey(this.identity))
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
      // A peer that takes its time, or nothing, need not be looked at all the time
      wait = 50
    } while (!this.#gone && this.socket.bufferedBytes > MAX_BUFFERED / 4)
  }

  /** Rails stays silent on frames it does not know; so do we, up to a point */
  protected garbage(): void {
    if (++this.#garbage > MAX_GARBAGE) this.close(1008, 'too many invalid frames')
  }
}
