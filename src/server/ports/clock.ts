/** The source of time, so that tests can control it. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC */
  now(): number
  /** Calls `task` once after `ms` milliseconds, without keeping the process alive. @returns a function that cancels it */
  after(ms: number, task: () => void): () => void
}

/** Of a time in which the process stood still, at most one of these parts counts */
const PARTS = 5

/**
 * Calls `task` once after `ms` milliseconds in which this process ran. After a pause (a machine that was suspended, a blocked event loop), an
 * answer may be there that nobody could read yet: the other side is not late. @returns a function that cancels it
 */
export function afterRunning(ms: number, task: () => void): () => void {
  let left = PARTS
  const next = (): void => {
    if (left-- > 0) timer = setTimeout(next, ms / PARTS)
    else task()
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  next()
  return () => clearTimeout(timer)
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

/**
 * Resolves in the next turn of the event loop, once the sockets that are readable were read. Prefers `setImmediate`, which comes at once; a timer
 * would come a millisecond later
 */
export const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    const { setImmediate } = globalThis as { setImmediate?: (task: () => void) => unknown }
    if (setImmediate) setImmediate(resolve)
    else setTimeout(resolve, 0)
  })
