import { afterRunning } from '../../server/ports/clock.ts'

/** How long a statement, or the wait for a connection, may take (ms). A database that takes longer is unavailable. */
export const STATEMENT_TIMEOUT = 10_000
/**
 * How long a statement may wait for a lock (ms). Less than STATEMENT_TIMEOUT, so that the database reports it and the connection can be
 * used again.
 */
export const LOCK_TIMEOUT = STATEMENT_TIMEOUT / 2
/** What a driver of ours may take to connect (ms). We give up sooner, by the time in which the process ran, so this only ends what was given up */
export const DRIVER_CONNECTS_WITHIN = 2 * STATEMENT_TIMEOUT

export class TookTooLong extends Error {
  override readonly name = 'TookTooLong'
}

/**
 * @param late takes the value when it comes after the time is over
 * @throws TookTooLong when `work` takes longer than `ms`, while this process runs
 */
export async function within<T>(ms: number, work: Promise<T>, late?: (value: T) => void): Promise<T> {
  let isOver = false
  const { promise: timeout, reject } = Promise.withResolvers<never>()
  const cancel = afterRunning(ms, () => {
    isOver = true
    reject(new TookTooLong(`The database did not answer within ${ms} ms`))
  })
  work.then(
    (value) => isOver && late?.(value),
    () => undefined,
  )
  try {
    return await Promise.race([work, timeout])
  } finally {
    cancel()
  }
}
