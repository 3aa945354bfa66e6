import type { Socket } from 'socket.io'

/** The connection of Engine.IO under a socket of Socket.IO, which may carry other namespaces too */
type Carrier = Socket['conn']

const backlogs = new WeakMap<Carrier, Backlog>()

/** How many of the chat's bytes wait on a connection for a peer that has not read them. Those of the host's own namespaces do not count */
export class Backlog {
  readonly #carrier: Carrier
  /** Engine.IO holds them until the transport can take more */
  #held = 0
  /** The transport has them, and has not finished with them */
  #leaving = 0
  /** What waited when this turn of the event loop began to write; undefined: it wrote nothing yet */
  #before: number | undefined

  /** One for each connection: a peer that does not read may come back with another socket on the same one */
  static of(carrier: Carrier): Backlog {
    const backlog = backlogs.get(carrier) ?? new Backlog(carrier)
    backlogs.set(carrier, backlog)
    return backlog
  }

  private constructor(carrier: Carrier) {
    this.#carrier = carrier
    carrier.on('flush', () => {
      this.#leaving = this.#held
      this.#held = 0
    })
  }

  /** Call it before they are written */
  add(bytes: number): void {
    if (this.#before === undefined) {
      this.#before = this.#now
      process.nextTick(() => (this.#before = undefined))
    }
    this.#held += bytes
  }

  get bytes(): number {
    // Bytes written in this turn could not leave yet, so they say nothing about the peer
    return this.#before ?? this.#now
  }

  get #now(): number {
    return this.#carrier.transport.writable ? this.#held : this.#leaving + this.#held
  }
}
