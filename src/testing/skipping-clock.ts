import type { Clock } from '../server/ports/clock.ts'

interface Timer {
  at: number
  task: () => void
  handle: ReturnType<typeof setTimeout> | undefined
}

/** A clock that runs at its usual pace and can be moved forward, so that nobody waits for a token to run out. */
export class SkippingClock implements Clock {
  #ahead = 0
  readonly #timers = new Set<Timer>()

  now(): number {
    return Date.now() + this.#ahead
  }

  after(ms: number, task: () => void): () => void {
    const timer: Timer = { at: this.now() + ms, task, handle: undefined }
    timer.handle = setTimeout(() => this.#run(timer), ms)
    this.#timers.add(timer)
    return () => this.#drop(timer)
  }

  /** Moves time forward; what comes due on the way runs at its own time and in order, and what it starts gets a turn of the loop. */
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
