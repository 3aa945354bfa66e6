import { DeskbellError } from '../../protocol/errors.ts'
import type { Clock } from '../ports/clock.ts'
import { ConnectionCounts } from './connection-counts.ts'
import { RateLimit, type Rate } from './rate-limit.ts'

export interface AddressLimitOptions {
  /** Sockets and event streams open at once */
  connections: number
  /** Attempts to open one */
  upgrades: Rate
  /** Refused credentials */
  failures: Rate
}

/**
 * High enough for an office behind one address, and low enough that one peer cannot exhaust the server: ten thousand idle sockets
 * take about a hundred megabytes.
 */
export const ADDRESS_LIMITS: AddressLimitOptions = {
  connections: 10_000,
  upgrades: { perSecond: 500, burst: 10_000 },
  failures: { perSecond: 10, burst: 300 },
}

/** Milliseconds between two reports about addresses at their limit: an attack must not fill the log */
const TELL_EVERY = 3_600_000

/** Limits what one network address may use. An unknown address is not limited. */
export class AddressLimits {
  readonly #connections: ConnectionCounts
  readonly #upgrades: RateLimit
  readonly #failures: RateLimit
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  #tellAt = 0

  constructor(options: AddressLimitOptions, clock: Clock, onError: (error: unknown) => void) {
    this.#connections = new ConnectionCounts(options.connections)
    this.#upgrades = new RateLimit(options.upgrades, clock)
    this.#failures = new RateLimit(options.failures, clock)
    this.#clock = clock
    this.#onError = onError
  }

  /** Call it first when a peer wants to connect. @throws DeskbellError `rate_limited` */
  attempt(address: string | undefined): void {
    if (address === undefined) return
    if (this.isFull(address)) {
      this.#tell(address)
      throw new DeskbellError('rate_limited', 'Too many connections from this address', 10)
    }
    this.#take(this.#upgrades, address)
  }

  /**
   * Call it after credentials were refused. Valid credentials are never limited: an address may be shared by an office, or by
   * everybody behind a proxy that is not configured, and one person must not be able to lock out the others.
   * @throws DeskbellError `rate_limited`
   */
  failed(address: string | undefined): void {
    if (address !== undefined) this.#take(this.#failures, address)
  }

  isFull(address: string | undefined): boolean {
    return address !== undefined && this.#connections.isFull(address)
  }

  /** Call it when a connection is opened */
  enter(address: string): void {
    this.#connections.enter(address)
  }

  /** Call it when the connection is closed, once for each `enter` */
  leave(address: string): void {
    this.#connections.leave(address)
  }

  #take(limit: RateLimit, address: string): void {
    try {
      limit.take(address)
    } catch (error) {
      this.#tell(address)
      throw error
    }
  }

  #tell(address: string): void {
    const now = this.#clock.now()
    if (now < this.#tellAt) return
    this.#tellAt = now + TELL_EVERY
    this.#onError(new Error(`${address} is at its limit. If it is your own proxy, set trustProxy or TRUST_PROXY`))
  }
}
