// How often somebody may try to sign in. All nodes count together, in the database, and addresses without an account count like those with one.
//
// A stranger can use up what strangers may try, but never locks a member out: browsers in which the member has signed in have an
// allowance of their own (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"), and a link by e-mail makes any browser one.
import { DeskbellError } from '../../protocol/errors.ts'
import type { Clock } from '../../server/ports/clock.ts'
import { Allowances, type Allowance } from '../../server/http/allowances.ts'
import type { AllowanceStore } from '../../server/ports/store/allowances.ts'
import { digest } from './secrets.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND

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
  ]
}

export class AttemptLimits {
  readonly #allowances: Allowances

  constructor(store: AllowanceStore, clock: Clock) {
    this.#allowances = new Allowances(store, clock)
  }

  /**
   * Counts before the work, so that attempts at the same time count as well; what was right does not.
   * @throws DeskbellError `rate_limited`
   */
  async attempt<T>(attempt: Attempt, work: () => Promise<T>, isGood: (result: T) => boolean): Promise<T> {
    const allowances = allowancesOf(attempt)
    await this.#take(allowances)
    const result = await work()
    if (isGood(result)) await this.#allowances.giveBack(allowances)
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
    await this.#allowances.giveBack(allowances)
    return result
  }

  /** @throws DeskbellError `rate_limited`: only by the network address, so that it tells nothing of accounts */
  request(address: string | null): Promise<void> {
    return this.#take([ofAddress(address ?? '')])
  }

  /** Whether the member may get another e-mail now */
  async mayMail(memberId: string): Promise<boolean> {
    return (await this.#allowances.take([allowance(`mail ${memberId}`, 3, 10 * MINUTE)])) === 0
  }

  async #take(allowances: Allowance[]): Promise<void> {
    const wait = await this.#allowances.take(allowances)
    if (wait > 0) throw new DeskbellError('rate_limited', undefined, wait / SECOND)
  }
}
