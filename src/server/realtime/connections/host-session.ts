import type { Identity } from '../../people/identity.ts'

/** The promise: a connection whose session in the host's app has ended is closed within this time (ms), and that of `authenticate` */
export const SESSION_CHECKED_EVERY = 60_000
/** For how long (ms) a connection stays open while the host cannot say whether its session goes on */
export const UNCHECKED_AT_MOST = 300_000

/** What a connection was opened with, where the host named its person: enough to ask the host again */
export class HostSession {
  readonly #url: string
  readonly #headers: Headers
  readonly identity: Identity
  #isAsking = false
  #askAt: number
  #confirmedAt: number
  #expiresAt: number | null

  /** @param now when the host named the person, in milliseconds since 1970 */
  constructor({ url, headers }: Request, identity: Identity, now: number) {
    this.identity = identity
    this.#url = url
    // A copy: the request itself would keep what the runtime has attached to it
    this.#headers = new Headers(headers)
    // Those that were opened together, after a restart, are not checked together
    this.#askAt = now + SESSION_CHECKED_EVERY * (0.5 + Math.random() / 2)
    this.#confirmedAt = now
    this.#expiresAt = identity.expiresAt
  }

  get request(): Request {
    return new Request(this.#url, { headers: this.#headers })
  }

  /** Also at its end: what the person did meanwhile in the host's app may have prolonged it */
  isDue(now: number): boolean {
    return !this.#isAsking && (now >= this.#askAt || (this.#expiresAt !== null && now >= this.#expiresAt))
  }

  asking(now: number): void {
    this.#isAsking = true
    this.#askAt = now + SESSION_CHECKED_EVERY
  }

  confirmed({ expiresAt }: Identity, now: number): void {
    this.#isAsking = false
    this.#confirmedAt = now
    this.#expiresAt = expiresAt
  }

  /** The host could not say. @returns whether it may go on for now */
  unanswered(now: number): boolean {
    this.#isAsking = false
    const isExpired = this.#expiresAt !== null && now >= this.#expiresAt
    return !isExpired && now - this.#confirmedAt < UNCHECKED_AT_MOST
  }
}
