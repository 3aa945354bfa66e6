// How often somebody may try to sign in. All nodes count together, in the database, and addresses without an account count like those with one.
//
// A stranger can use up what strangers may try, but never locks a member out: browsers in which the member has signed in have an
// allowance of their own (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"), and a link by e-mail makes any browser one.
import { DeskbellError } from '../../protocol/errors.ts'
import type { Clock } from '../../server/ports/clock.ts'
import type { AccountStore } from '../../server/ports/store/accounts.ts'
import { digest } from './secrets.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** A token bucket, kept as the time until which it is used up (GCRA) */
interface Allowance {
  id: string
  /** Attempts at once */
  burst: number
  /** After which time one more is allowed (ms) */
  every: number
}

const allowance = (of: string, burst: number, every: number): Allowance => ({ id: digest(of), burst, every })
const ofAddress = (address: string): Allowance => allowance(`address ${address}`, 30, 5 * SECOND)

export interface Attempt {
  /** A password is long enough for more tries than a code of six digits, which is asked for only after the password */
  at: 'password' | 'code'
  /** An e-mail address, or a member's id */
  account: string
  /** The network address; null: not known */
  address: string | null
  /** The member has signed in with this browser before */
  isKnownBrowser: boolean
}

function allowancesOf({ at, account, address, isKnownBrowser }: Attempt): Allowance[] {
  const who = `${at} ${account.trim().toLowerCase()}`
  const every = at === 'password' ? MINUTE : 5 * MINUTE
  if (isKnownBrowser) return [allowance(`known ${who}`, 10, every)]
  return [
    ofAddress(address ?? ''),
    allowance(`from ${address} ${who}`, 10, every),
    // From all addresses together
    allowance(who, at === 'password' ? 100 : 10, every),
  ].sort((a, b) => (a.id < b.id ? -1 : 1))
}

export class AttemptLimits {
  readonly #store: AccountStore
  readonly #clock: Clock
  readonly #sweep: () => Promise<void>
  #sweepAt = 0

  /** @param sweep called once a minute while somebody tries, so that an attack leaves no more rows than it makes in that time */
  constructor(store: AccountStore, clock: Clock, sweep: () => Promise<void>) {
    this.#store = store
    this.#clock = clock
    this.#sweep = sweep
  }

  /**
   * Counts before the work, so that attempts at the same time count as well; what was right does not.
   * @throws DeskbellError `rate_limited`
   */
  async attempt<T>(attempt: Attempt, work: () => Promise<T>, isGood: (result: T) => boolean): Promise<T> {
    const allowances = allowancesOf(attempt)
    await this.#take(allowances)
    const result = await work()
    if (isGood(result)) await this.#giveBack(allowances)
    return result
  }

  /**
   * Somebody who is signed in proves again who they are, which strangers cannot try. What is thrown counts.
   * @throws DeskbellError `rate_limited`, and what `work` throws
   */
  async confirmation<T>(memberId: string, work: () => Promise<T>): Promise<T> {
    const allowances = [allowance(`confirmation ${memberId}`, 10, 5 * MINUTE)]
    await this.#take(allowances)
    const result = await work()
    await this.#giveBack(allowances)
    return result
  }

  /** @throws DeskbellError `rate_limited`: only by the network address, so that it tells nothing of accounts */
  request(address: string | null): Promise<void> {
    return this.#take([ofAddress(address ?? '')])
  }

  /** Whether the member may get another e-mail now */
  async mayMail(memberId: string): Promise<boolean> {
    return (await this.#wait([allowance(`mail ${memberId}`, 3, 10 * MINUTE)])) === 0
  }

  async #take(allowances: Allowance[]): Promise<void> {
    const wait = await this.#wait(allowances)
    if (wait > 0) throw new DeskbellError('rate_limited', undefined, wait / SECOND)
  }

  /** Takes one of each, or nothing. @returns 0, or after which time it would be allowed (ms) */
  async #wait(allowances: Allowance[]): Promise<number> {
    const now = this.#clock.now()
    if (now >= this.#sweepAt) {
      this.#sweepAt = now + MINUTE
      await this.#sweep()
    }
    let wait = 0
    await this.#change(allowances, (usedUntil) => {
      const next = allowances.map(({ every }, i) => Math.max(usedUntil[i] ?? 0, now) + every)
      wait = Math.max(0, ...allowances.map(({ burst, every }, i) => (next[i] ?? 0) - now - burst * every))
      return wait > 0 ? null : next
    })
    return wait
  }

  #giveBack(allowances: Allowance[]): Promise<void> {
    return this.#change(allowances, (usedUntil) =>
      allowances.map(({ every }, i) => Math.max(0, (usedUntil[i] ?? 0) - every)),
    )
  }

  #change(allowances: Allowance[], change: (usedUntil: number[]) => number[] | null): Promise<void> {
    return this.#store.changeStaffAllowances(
      allowances.map(({ id }) => id),
      change,
    )
  }
}
