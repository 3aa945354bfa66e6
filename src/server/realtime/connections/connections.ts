import type { DisconnectReason } from '../../../protocol/cable.ts'
import { BEAT } from '../../../protocol/timing.ts'
import type { Identity } from '../../people/identity.ts'
import { subjectOf } from '../../people/revocations.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ConnectionKind } from '../../ports/observer.ts'
import type { Socket } from '../../ports/socket.ts'
import type { HostSession } from './host-session.ts'

/** Connections are served slot by slot, spread over the interval: one burst for all would delay messages */
const SLOTS = 60
/**
 * Slots are served together up to so many, and so many connections: to wake up for each would cost more than a few connections do, and between two turns
 * the processor's caches lose what all connections need. The most that one turn holds up messages is two or three milliseconds
 */
const SLOTS_TOGETHER = 10
const CONNECTIONS_TOGETHER = 500
/** The promise: the server notices within this time that a peer is gone without closing the connection (ms) */
export const DEAD_PEER_FOUND = 60_000
/** Beats between two RFC 6455 pings. The second ping finds out that the first was not answered */
export const ROUNDS_PER_PING = Math.floor(DEAD_PEER_FOUND / 2 / BEAT) - 1

/** People who come back in a second: one core serves more, and sends messages meanwhile */
const RETURNS_A_SECOND = 1_500
const RETURN_WITHIN = 60

/** Seconds over which so many should come back; undefined: each client's own pause spreads them enough */
const returnOver = (connections: number): number | undefined =>
  connections > RETURNS_A_SECOND ? Math.min(RETURN_WITHIN, Math.ceil(connections / RETURNS_A_SECOND)) : undefined

/** What `Connections` needs from each connection */
export interface Tended {
  readonly kind: ConnectionKind
  /** Undefined: nobody has said yet who they are */
  readonly identity: Identity | undefined
  /** Undefined: nothing but the identity says when the connection ends */
  readonly session: HostSession | undefined
  readonly socket: Pick<Socket, 'ping'>
  /** A ping was sent and not answered yet */
  awaitsPong: boolean
  /** @param now ms since 1970 */
  beat(now: number): void
  /** @param retryAfter seconds over which those who are sent away should come back */
  disconnect(reason: DisconnectReason, reconnect: boolean, retryAfter?: number): void
  close(code: number, reason: string): void
}

/** Finds out whether the session goes on, and closes the connection otherwise */
export type CheckSession = (connection: Tended, session: HostSession) => void

/** All open connections: sends heartbeats, closes expired and dead ones, asks after sessions of the host, and drains them at a stop. */
export class Connections {
  readonly #slots = Array.from({ length: SLOTS }, () => new Set<Tended>())
  readonly #slotOf = new WeakMap<Tended, Set<Tended>>()
  readonly #clock: Clock
  readonly #checkSession: CheckSession
  /** New connections are refused */
  draining = false
  readonly open: Record<ConnectionKind, number> = { cable: 0, plain: 0, events: 0, 'socket.io': 0, pusher: 0 }
  /** Frames written to all connections since the start */
  frames = 0
  #next = 0
  #turn = 0
  #cancel: (() => void) | undefined

  /** @param opens whether connections are opened at all */
  constructor(clock: Clock, checkSession: CheckSession, opens: boolean) {
    this.#clock = clock
    this.#checkSession = checkSession
    if (opens) this.#schedule()
  }

  add(connection: Tended): void {
    const slot = this.#slots[this.#next++ % SLOTS]
    slot?.add(connection)
    this.open[connection.kind]++
    if (slot) this.#slotOf.set(connection, slot)
  }

  delete(connection: Tended): void {
    if (this.#slotOf.get(connection)?.delete(connection)) this.open[connection.kind]--
  }

  /**
   * Closes the connections whose credentials were revoked, and all others of the same people: theirs may be good, but the issue time of
   * many credentials is unknown, or known to the second. Whose are good may return.
   * @param subjects of the new revocations
   */
  disconnectRevoked(covers: (identity: Identity) => boolean, subjects: Set<string>): void {
    for (const connection of this.#slots.flatMap((slot) => [...slot])) {
      const { identity } = connection
      if (!identity) continue
      if (covers(identity)) connection.disconnect('unauthorized', false)
      else if (subjects.has(subjectOf(identity))) connection.disconnect('remote', true)
    }
  }

  get size(): number {
    return this.#slots.reduce((n, slot) => n + slot.size, 0)
  }

  /** Closes all connections, slot by slot over `ms` milliseconds, so that clients do not all reconnect at once */
  async drain(ms: number): Promise<void> {
    this.draining = true
    this.#cancel?.()
    const retryAfter = returnOver(this.size)
    let isFirst = true
    for (const slot of this.#slots) {
      if (slot.size === 0) continue
      if (!isFirst && ms > 0) await new Promise<void>((resolve) => this.#clock.after(ms / SLOTS, resolve))
      isFirst = false
      for (const connection of slot) connection.disconnect('server_restart', true, retryAfter)
    }
  }

  #schedule(slots = 1): void {
    this.#cancel = this.#clock.after((slots * BEAT) / SLOTS, () => {
      const first = this.#turn
      let served = 0
      do served += this.#tend(this.#turn++)
      while (this.#turn % SLOTS_TOGETHER > 0 && served + this.#sizeOf(this.#turn) <= CONNECTIONS_TOGETHER)
      this.#schedule(this.#turn - first)
    })
  }

  #sizeOf(turn: number): number {
    return this.#slots[turn % SLOTS]?.size ?? 0
  }

  /** @returns how many connections it served */
  #tend(turn: number): number {
    const slot = this.#slots[turn % SLOTS]
    const pingRound = Math.floor(turn / SLOTS) % ROUNDS_PER_PING === 0
    const now = this.#clock.now()
    for (const connection of slot ?? []) {
      const { session, identity } = connection
      const expiresAt = identity?.expiresAt ?? null
      if (session) {
        if (session.isDue(now)) this.#checkSession(connection, session)
      } else if (expiresAt !== null && expiresAt <= now) {
        connection.disconnect('token_expired', false)
        continue
      }
      if (pingRound) {
        if (connection.awaitsPong) {
          connection.close(1001, 'no answer')
          continue
        }
        connection.awaitsPong = true
        connection.socket.ping()
      }
      connection.beat(now)
    }
    return slot?.size ?? 0
  }
}
