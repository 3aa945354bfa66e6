import type { DisconnectReason } from '../../../protocol/cable.ts'
import { BEAT } from '../../../protocol/timing.ts'
import type { Identity } from '../../people/identity.ts'
import { subjectOf } from '../../people/revocations.ts'
import { nextTurn, type Clock } from '../../ports/clock.ts'
import type { ConnectionKind } from '../../ports/observer.ts'
import type { Socket } from '../../ports/socket.ts'
import type { HostSession } from './host-session.ts'

/** Connections are served slot by slot, spread over the interval: one burst for all would delay messages */
const SLOTS = 60
/** Slots are served together: whenever the server wakes up, the processor's caches have lost what all connections need */
const SLOTS_TOGETHER = 10
/** After so many connections, two or three milliseconds, messages that arrived meanwhile have their turn. Then the next slots follow at once */
const CONNECTIONS_A_TURN = 250
/** The promise: the server notices within this time that a peer is gone without closing the connection (ms) */
export const DEAD_PEER_FOUND = 60_000
/**
 * Beats between two RFC 6455 pings to a connection. With its answer, one costs as much as one or two beats, so there
 * are as few as the promise allows. Slots have theirs in different rounds, so that the answers come evenly
 */
export const ROUNDS_PER_PING = 15
/** A ping must be answered within so many beats: by then our clients have given up a silent line */
export const ROUNDS_TO_ANSWER = 4

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

  #schedule(): void {
    this.#cancel = this.#clock.after((SLOTS_TOGETHER * BEAT) / SLOTS, () => void this.#serve())
  }

  async #serve(): Promise<void> {
    const now = this.#clock.now()
    let served = 0
    for (let i = 0; i < SLOTS_TOGETHER; i++) {
      const slot = this.#slots[this.#turn % SLOTS]
      if (served > 0 && served + (slot?.size ?? 0) > CONNECTIONS_A_TURN) {
        await nextTurn()
        if (this.draining) return
        served = 0
      }
      served += this.#tend(this.#turn++, now)
    }
    this.#schedule()
  }

  /** @returns how many connections it served */
  #tend(turn: number, now: number): number {
    const index = turn % SLOTS
    const slot = this.#slots[index]
    // The index in it spreads the pings over the rounds
    const round = (Math.floor(turn / SLOTS) + index) % ROUNDS_PER_PING
    for (const connection of slot ?? []) {
      const { session, identity } = connection
      const expiresAt = identity?.expiresAt ?? null
      if (session) {
        if (session.isDue(now)) this.#checkSession(connection, session)
      } else if (expiresAt !== null && expiresAt <= now) {
        connection.disconnect('token_expired', false)
        continue
      }
      if (round === ROUNDS_TO_ANSWER && connection.awaitsPong) {
        connection.close(1001, 'no answer')
        continue
      }
      if (round === 0) {
        connection.awaitsPong = true
        connection.socket.ping()
      }
      connection.beat(now)
    }
    return slot?.size ?? 0
  }
}
