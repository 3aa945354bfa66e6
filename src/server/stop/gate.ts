import { DeskbellError } from '../../protocol/errors.ts'
import type { Clock } from '../ports/clock.ts'
import { atMost } from './at-most.ts'

/** Refuses work because the server is stopping. Nothing is wrong, so nobody reports it. */
export class Stopping extends DeskbellError {
  constructor() {
    super('unavailable', undefined, 1)
  }
}

/** Counts the work that is under way, so that a stop can wait for it and refuse what comes later. */
export class Gate {
  readonly #idle = Promise.withResolvers<void>()
  #underWay = 0
  #closed = false

  get isClosed(): boolean {
    return this.#closed
  }

  /** @throws Stopping once the gate is closed */
  async run<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#closed) throw new Stopping()
    this.#underWay++
    try {
      return await work()
    } finally {
      this.#underWay--
      if (this.#closed && this.#underWay === 0) this.#idle.resolve()
    }
  }

  /** Refuses new work at once. Resolves when no work is under way any more, after `ms` milliseconds at the latest. */
  async close(ms: number, clock: Clock): Promise<void> {
    this.#closed = true
    if (this.#underWay > 0) await atMost(ms, clock, this.#idle.promise)
  }
}
