// Which colleagues have the desk open, asked of the server when somebody needs to know.
import type { Colleague } from '../../protocol/types.ts'
import type { Clock } from './environment.ts'

/** An answer is good for this long (ms): a burst of messages asks once, and who closes the desk is away soon after */
const GOOD_FOR = 10_000

export class ColleaguesHere {
  readonly #load: () => Promise<readonly Colleague[]>
  readonly #clock: Pick<Clock, 'now'>
  #answer: Promise<ReadonlySet<string>> | undefined
  #askedAt = -Infinity

  constructor(load: () => Promise<readonly Colleague[]>, clock: Pick<Clock, 'now'>) {
    this.#load = load
    this.#clock = clock
  }

  /** Never rejects: where the server does not say, nobody counts as here, since a message told of twice is better than one told of to nobody */
  async has(id: string): Promise<boolean> {
    const now = this.#clock.now()
    if (this.#answer === undefined || now - this.#askedAt >= GOOD_FOR) {
      this.#askedAt = now
      this.#answer = this.#ask()
    }
    return (await this.#answer).has(id)
  }

  async #ask(): Promise<ReadonlySet<string>> {
    try {
      const colleagues = await this.#load()
      return new Set(colleagues.filter(({ online }) => online).map(({ id }) => id))
    } catch {
      this.#askedAt = -Infinity
      return new Set()
    }
  }
}
