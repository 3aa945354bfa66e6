const MINUTE = 60_000

interface Account {
  /** In this minute */
  passed: number
  held: number
}

/** Lets so many of a kind through in a minute: what strangers cause must not fill the disk, nor keep other news out of it. */
export class Sparing {
  readonly #limit: number
  readonly #kinds: number
  readonly #accounts = new Map<string, Account>()
  #until = 0

  /** @param kinds that are told apart; those beyond share one account */
  constructor(perMinute: number, kinds = 1) {
    this.#limit = perMinute
    this.#kinds = kinds
  }

  /** @param tell is given how many of its kind were held back since the last one that was let through */
  pass(tell: (held: number) => void, kind = ''): void {
    if (Date.now() >= this.#until) this.#renew()
    const account = this.#accountOf(kind)
    if (++account.passed > this.#limit) {
      account.held++
      return
    }
    tell(account.held)
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

  /** What did not come for a minute is forgotten */
  #renew(): void {
    this.#until = Date.now() + MINUTE
    for (const [kind, account] of this.#accounts) {
      if (account.passed === 0) this.#accounts.delete(kind)
      account.passed = 0
    }
  }
}
