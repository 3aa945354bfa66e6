/** The source of time, so that tests can control it. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC */
  now(): number
  /** Calls `task` once after `ms` milliseconds, without keeping the process alive. @returns a function that cancels it */
  after(ms: number, task: () => void): () => void
}

export const isoTime = (ms: number): string => new Date(ms).toISOString()

/** The system's time, with timers that every runtime has */
export const systemClock: Clock = {
  now: Date.now,
  after(ms, task) {
    const timer: unknown = setTimeout(task, ms)
    // In Node a timer is an object, and would keep the process alive
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref()
    return () => clearTimeout(timer as number)
  },
}
