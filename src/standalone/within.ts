import { afterRunning } from '../server/ports/clock.ts'

/**
 * Rejects when the work takes longer than `ms` milliseconds in which this process runs. The work goes on, and its result is ignored.
 * @throws Error `No answer within … s`
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const cancel = afterRunning(ms, () => reject(new Error(`No answer within ${ms / 1000} s`)))
  try {
    return await Promise.race([work, promise])
  } finally {
    cancel()
  }
}
