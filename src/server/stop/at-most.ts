import type { Clock } from '../ports/clock.ts'

/** What `work` resolves to; undefined: that takes longer than `ms` milliseconds. @throws what `work` rejects with in this time */
export async function atMost<T>(ms: number, clock: Clock, work: Promise<T>): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const cancel = clock.after(ms, () => resolve(undefined))
  try {
    return await Promise.race([work, promise])
  } finally {
    cancel()
  }
}
