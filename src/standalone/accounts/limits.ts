// How often somebody may try: for each account, and for each network address, so that neither one password for many accounts nor many
// passwords for one account can be tried. Addresses without an account count like those with one.
import type { Clock } from '../../server/ports/clock.ts'
import { RateLimit, type Rate } from '../../server/http/rate-limit.ts'

const ACCOUNT: Rate = { perSecond: 1 / 60, burst: 10 }
const ADDRESS: Rate = { perSecond: 1 / 5, burst: 30 }
/** What leads to an e-mail */
const MAILS: Rate = { perSecond: 1 / 600, burst: 3 }

export class AttemptLimits {
  readonly #account: RateLimit
  readonly #address: RateLimit
  readonly #mails: RateLimit

  constructor(clock: Clock) {
    this.#account = new RateLimit(ACCOUNT, clock)
    this.#address = new RateLimit(ADDRESS, clock)
    this.#mails = new RateLimit(MAILS, clock)
  }

  /**
   * Counts before the work, so that attempts at the same time count as well; what was right does not.
   * @param account an e-mail address, or a member's id
   * @throws DeskbellError `rate_limited`
   */
  async attempt<T>(
    account: string,
    address: string | null,
    work: () => Promise<T>,
    isGood: (result: T) => boolean,
  ): Promise<T> {
    const who = account.trim().toLowerCase()
    const from = address ?? ''
    this.#address.take(from)
    this.#account.take(who)
    const result = await work()
    if (isGood(result)) {
      this.#account.giveBack(who)
      this.#address.giveBack(from)
    }
    return result
  }

  /** @throws DeskbellError `rate_limited`: only by the network address, so that it tells nothing of accounts */
  request(address: string | null): void {
    this.#address.take(address ?? '')
  }

  /** Whether the account may get another e-mail now */
  mayMail(account: string): boolean {
    try {
      this.#mails.take(account.trim().toLowerCase())
      return true
    } catch {
      return false
    }
  }
}
