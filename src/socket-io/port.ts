import type { Socket as IoSocket } from 'socket.io'
import { encode } from '../protocol/encode.ts'
import type { Frame, Socket } from '../server/ports/socket.ts'
import { Backlog } from './backlog.ts'

/** How long a peer may take to read the rest after its connection was closed (ms) */
const CLOSE_TIMEOUT = 2_000
/** RFC 6455: the connection has done what it was for. Every other code means that the peer may come back */
const NORMAL = 1000

/** An event of the client. The last of its arguments is a function if it waits for an answer */
export type Listener = (name: string, args: unknown[]) => void

/** Events that a client may emit while it is decided about it */
const MAX_EARLY = 100

/** Answers an event for which the client waits */
export type Acknowledge = (answer: object) => void

/** What a frame says, as the name of an event and its argument */
interface Event {
  name: string
  payload: { chat_id?: string; message?: { seq: number } }
}

/** Frames are shared by all sockets that get them, so each is read once */
const events = new WeakMap<Frame, Event>()

export function eventOf(frame: Frame): Event {
  const known = events.get(frame)
  if (known) return known
  const { type, ...payload } = JSON.parse(frame.text) as Event['payload'] & { type: string }
  // Socket.IO keeps the name `disconnect` for itself
  const event = { name: type === 'disconnect' ? 'closing' : type, payload }
  events.set(frame, event)
  return event
}

/** A socket of Socket.IO. Each frame is an event, whose name is the frame's `type` */
export class SocketIoPort implements Socket {
  readonly io: IoSocket
  readonly #backlog: Backlog
  #listener: Listener | undefined
  /** What the client emitted before anybody listened */
  #early: Parameters<Listener>[] = []

  constructor(io: IoSocket) {
    this.io = io
    this.#backlog = Backlog.of(io.conn)
    io.onAny((name: string, ...args: unknown[]) => this.#emitted(name, args))
  }

  /** Calls `listener` with every event that the client emits, also with those it has emitted */
  listen(listener: Listener): void {
    this.#listener = listener
    for (const [name, args] of this.#early.splice(0)) listener(name, args)
  }

  send(frame: Frame): void {
    const { io } = this
    if (!io.connected) return
    const { name, payload } = eventOf(frame)
    this.#backlog.add(frame.text.length)
    // `io.emit` would send it to all nodes too where the host has both connection state recovery and an adapter for several nodes
    io.nsp.local.to(io.id).emit(name, payload)
  }

  answer(acknowledge: Acknowledge, answer: object): void {
    this.#backlog.add(encode(answer).length)
    acknowledge(answer)
  }

  /** Engine.IO has a heartbeat of its own */
  ping(): void {}

  close(code: number): void {
    const { io } = this
    // After this, the client stays away until its page connects again. The host's namespaces stay
    if (code === NORMAL) return void io.disconnect()
    // After this, the client comes back by itself, with the cookies that it has by then
    io.conn.close()
    setTimeout(() => io.conn.close(true), CLOSE_TIMEOUT).unref()
  }

  get bufferedBytes(): number {
    return this.#backlog.bytes
  }

  #emitted(name: string, args: unknown[]): void {
    if (this.#listener) this.#listener(name, args)
    else if (this.#early.length < MAX_EARLY) this.#early.push([name, args])
    else this.io.conn.close()
  }
}
