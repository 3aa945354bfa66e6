import { DeskbellError } from '../../protocol/errors.ts'
import type { Clock } from '../ports/clock.ts'
import { atMost } from './at-most.ts'

/** Refuses work because the server is stopping. This is not a fault, so it is not reported. */
export class Stopping extends DeskbellError {
  constructor() {
    super('unavailable', undefined, 1)
  }
}

/** Counts running work, so that a stop can refuse new work and wait for what runs. */
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

  /** Refuses new work at once. Resolves when no work is running, or after `ms` milliseconds. */
  async close(ms: number, clock: Clock): Promise<void> {
    this.#closed = true
    if (this.#underWay > 0) await atMost(ms, clock, this.#idle.promise)
  }
}
