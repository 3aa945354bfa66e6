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

const DAY = 24 * 60 * 60_000
const padded = (count: number, digits: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => String(n).padStart(digits, '0'))
const SIXTIETHS = padded(60, 2)
const THOUSANDTHS = padded(1_000, 3)
let today = 0
/** With the `T` */
let todayText = '1970-01-01T'

/**
 * As `Date.prototype.toISOString`, in a quarter of its time: nearly all times are of one day, and a message needs several
 * @param time milliseconds since 1970-01-01 UTC
 * @throws RangeError where no `Date` is so far away
 */
export function isoTime(time: number): string {
  const ms = Math.trunc(time)
  const day = Math.floor(ms / DAY)
  if (day !== today) {
    todayText = new Date(ms).toISOString().slice(0, -'00:00:00.000Z'.length)
    today = day
  }
  const rest = ms - day * DAY
  const seconds = Math.floor(rest / 1_000)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const clockTime = `${SIXTIETHS[hours]}:${SIXTIETHS[minutes - hours * 60]}:${SIXTIETHS[seconds - minutes * 60]}`
  return `${todayText}${clockTime}.${THOUSANDTHS[rest - seconds * 1_000]}Z`
}

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
