const MINUTE = 60_000

interface Account {
  /** In this minute */
  passed: number
  held: number
}

/** Limits log lines of a kind per minute, so that outside traffic cannot fill the disk or hide other lines. */
export class LineLimiter {
  readonly #limit: number
  readonly #kinds: number
  readonly #accounts = new Map<string, Account>()
  #until = 0

  /** @param kinds how many kinds are counted apart; the others share one count */
  constructor(perMinute: number, kinds = 1) {
    this.#limit = perMinute
    this.#kinds = kinds
  }

  /** @param log gets the number of lines of its kind that were held back since the last one */
  pass(log: (held: number) => void, kind = ''): void {
    if (Date.now() >= this.#until) this.#renew()
    const account = this.#accountOf(kind)
    if (++account.passed > this.#limit) {
      account.held++
      return
    }
    log(account.held)
    account.held = 0
  }

  #accountOf(kind: string): Account {
    const name = this.#accounts.has(kind) || this.#accounts.size < this.#kinds ? kind : ''
    const known = this.#accounts.get(name)
    if (known) return known
    const made = { passed: 0, held: 0 }
    this.#accounts.set(name, made)
    return made
  }

  /** Kinds without a line in the last minute are forgotten */
  #renew(): void {
    this.#until = Date.now() + MINUTE
    for (const [kind, account] of this.#accounts) {
      if (account.passed === 0) this.#accounts.delete(kind)
      account.passed = 0
    }
  }
}
