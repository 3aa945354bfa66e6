import type { Clock } from '../ports/clock.ts'

/** Waits for `work`, but at most `ms` milliseconds. @throws what `work` rejects with in this time */
export async function atMost(ms: number, clock: Clock, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const cancel = clock.after(ms, resolve)
  try {
    await Promise.race([work, promise])
  } finally {
    cancel()
  }
}
