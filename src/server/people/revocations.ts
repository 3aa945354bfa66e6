// Revoked credentials. They are stored in a table, which each node polls and keeps as a map in memory.
import { DeskbellError } from '../../protocol/errors.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import { IssuedAhead, lastMoment } from './issued-ahead.ts'
import type { Revocation } from '../ports/store/revocations.ts'
import type { Store } from '../ports/store/store.ts'
import { personKey, type Identity, type Role } from './identity.ts'
import type { Tokens } from './token.ts'

/** The promise: a revocation takes effect on every node within this time (ms) */
export const REVOKED_WITHIN = 5_000
/** How often a node reads new revocations (ms). One read may fail, and the next one may take a second */
export const LOOK_EVERY = (REVOKED_WITHIN - 1_000) / 2
/** Reads overlap by this time (ms), because a node whose clock is behind writes older times. Tokens need better clocks anyway */
const SKEW = 300_000
const FORGET_EVERY = 3_600_000
/** Revocations are kept for longer than any token should live (ms) */
const KEEP = 400 * 24 * 3_600_000

/** All credentials of a person, or one session */
export type Whom = { id: string; role: Role } | { session: string }

export const subjectOf = (whom: Whom): string => ('session' in whom ? `session:${whom.session}` : personKey(whom))

const ERASED = 'chat:'
/** Erased chats are among the revocations: so every node learns of them, also of those that another program erased */
export const erasedChat = (chatId: string): string => `${ERASED}${chatId}`
export const erasedChats = (subjects: Iterable<string>): string[] =>
  [...subjects].filter((subject) => subject.startsWith(ERASED)).map((subject) => subject.slice(ERASED.length))

export interface RevocationOptions {
  store: Store
  clock: Clock
  onError: (error: unknown) => void
  /** Called with the subjects of new revocations */
  onLearned: (subjects: Set<string>) => void
  /** It reads them when somebody is checked, and starts no timer. Default: false */
  onDemand?: boolean
}

export class Revocations {
  readonly #options: RevocationOptions
  /** Subject → time of its revocation, in milliseconds since 1970 */
  readonly #known = new Map<string, number>()
  readonly #ahead = new IssuedAhead()
  /** The time of the newest known revocation, ISO 8601 */
  #newest = ''
  #forgetAt = 0
  #closed = false
  #failing = false
  #loaded = false
  /** When the last read that succeeded began, in milliseconds since 1970 */
  #readAt = -Infinity
  #looking: Promise<void> | undefined
  #cancel: (() => void) | undefined

  constructor(options: RevocationOptions) {
    this.#options = options
    if (!options.onDemand) this.#looking = this.#look()
  }

  /** @throws DeskbellError `token_revoked`; `unavailable` where the database could not be read */
  async check(identity: Identity): Promise<void> {
    if (!(await this.#isCurrent())) throw new DeskbellError('unavailable', undefined, 1)
    if (this.covers(identity)) throw new DeskbellError('token_revoked')
    this.#ahead.saw(identity, this.#options.clock.now())
  }

  /**
   * Whether the credentials were issued before a revocation. Without an issue time, the host decides at each request. Most hosts date
   * their tokens in whole seconds, and such a token may be from the end of its second: those of the second of the revocation are good.
   */
  covers({ id, role, issuedAt, sessionId }: Identity): boolean {
    if (sessionId && this.#known.has(subjectOf({ session: sessionId }))) return true
    const at = this.#known.get(subjectOf({ id, role }))
    if (at === undefined || typeof issuedAt !== 'number') return false
    return lastMoment(issuedAt) < at
  }

  /** When all credentials of somebody were revoked last, as far as this node knows (ms since 1970); undefined: never */
  revokedAt(whom: Whom): number | undefined {
    return this.subjectRevokedAt(subjectOf(whom))
  }

  subjectRevokedAt(subject: string): number | undefined {
    return this.#known.get(subject)
  }

  /** When it resolves, the revocation is durable and known to this node. Others learn it within `REVOKED_WITHIN` */
  async revoke(subject: string): Promise<void> {
    const { store, clock } = this.#options
    const revocation = { subject, revoked_at: isoTime(this.#ahead.reach(subject, clock.now())) }
    await store.revoke(revocation)
    this.#learn([revocation])
  }

  /**
   * Learns at once what other nodes have revoked.
   * @throws StoreUnavailable
   */
  async refresh(): Promise<void> {
    this.#learn(await this.#options.store.revocationsSince(this.#overlap()))
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    await this.#looking
  }

  /** Whether this node knows what others have revoked. Without a timer, it has to be read anew; requests of the same moment share that */
  async #isCurrent(): Promise<boolean> {
    const { clock, onDemand } = this.#options
    if (!onDemand) {
      if (!this.#loaded) await this.#looking
      return this.#loaded
    }
    const age = (): number => clock.now() - this.#readAt
    if (age() >= LOOK_EVERY) await (this.#looking ??= this.#look().finally(() => (this.#looking = undefined)))
    return age() < REVOKED_WITHIN
  }

  async #look(): Promise<void> {
    const { clock, onError, onDemand } = this.#options
    const begun = clock.now()
    try {
      await this.refresh()
      this.#readAt = begun
      this.#loaded = true
      this.#failing = false
      if (!onDemand) await this.#forget()
    } catch (error) {
      // Report an outage once, not at every attempt
      if (!this.#failing) onError(error)
      this.#failing = true
    }
    if (this.#closed || onDemand) return
    this.#cancel = clock.after(LOOK_EVERY, () => {
      this.#looking = this.#look()
    })
  }

  /** The time from which the next read reads, ISO 8601 */
  #overlap(): string {
    const { clock } = this.#options
    return this.#newest === '' ? '' : isoTime(Math.min(Date.parse(this.#newest), clock.now()) - SKEW)
  }

  #learn(revocations: Revocation[]): void {
    const subjects = new Set<string>()
    for (const { subject, revoked_at } of revocations) {
      if (revoked_at > this.#newest) this.#newest = revoked_at
      const at = Date.parse(revoked_at)
      if ((this.#known.get(subject) ?? 0) >= at) continue
      const end = this.#ahead.reach(subject, at)
      if (end > at) this.#extend(subject, end)
      this.#known.set(subject, end)
      subjects.add(subject)
    }
    if (subjects.size > 0) this.#options.onLearned(subjects)
  }

  /** Only this node saw the token that the revocation of another must reach */
  #extend(subject: string, end: number): void {
    const { store, onError } = this.#options
    store.revoke({ subject, revoked_at: isoTime(end) }).catch(onError)
  }

  /** Deletes those that are too old to matter. @throws StoreUnavailable */
  async forgetOld(): Promise<void> {
    const { store, clock } = this.#options
    await store.forgetRevocations(isoTime(clock.now() - KEEP))
  }

  async #forget(): Promise<void> {
    const now = this.#options.clock.now()
    if (now < this.#forgetAt) return
    this.#forgetAt = now + FORGET_EVERY
    await this.forgetOld()
    for (const [subject, at] of this.#known) if (at < now - KEEP) this.#known.delete(subject)
  }
}

/** Wraps `tokens` so that revoked ones are refused */
export function revocable(tokens: Tokens, revocations: Revocations): Tokens {
  return {
    ...tokens,
    async identify(token, audiences) {
      const identity = await tokens.identify(token, audiences)
      await revocations.check(identity)
      return identity
    },
  }
}
