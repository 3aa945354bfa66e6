import type { Clock } from '../server/ports/clock.ts'

interface Timer {
  at: number
  task: () => void
  handle: ReturnType<typeof setTimeout> | undefined
}

/** Timers of a clock that stands still run by themselves up to this time (ms) */
const SHORT = 1_000

/** A clock that runs at normal speed and can be moved forward, so that a test need not wait for a token to expire. */
export class SkippingClock implements Clock {
  #ahead = 0
  #standsAt: number | undefined
  readonly #timers = new Set<Timer>()

  now(): number {
    return (this.#standsAt ?? Date.now()) + this.#ahead
  }

  /**
   * From now on it stands still between two moves, and new timers that are not short wait for one: no time limit of seconds passes because
   * the machine is busy.
   */
  stand(): void {
    this.#standsAt = Date.now()
  }

  after(ms: number, task: () => void): () => void {
    const timer: Timer = { at: this.now() + ms, task, handle: undefined }
    if (this.#standsAt === undefined || ms <= SHORT) timer.handle = setTimeout(() => this.#run(timer), ms)
    this.#timers.add(timer)
    return () => this.#drop(timer)
  }

  /** Moves time forward. Tasks that become due run at their own time and in order, each followed by a turn of the event loop. */
  async skip(ms: number): Promise<void> {
    const end = this.now() + ms
    for (;;) {
      const [next] = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)
      if (!next) break
      this.#ahead += Math.max(0, next.at - this.now())
      this.#run(next)
      await turn()
    }
    this.#ahead += Math.max(0, end - this.now())
  }

  #run(timer: Timer): void {
    this.#drop(timer)
    timer.task()
  }

  #drop(timer: Timer): void {
    clearTimeout(timer.handle)
    this.#timers.delete(timer)
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
