import { afterRunning } from '../server/ports/clock.ts'

/** Rejects with `complaint` when `task` has not settled after `ms` milliseconds in which this process ran */
export async function within<T>(ms: number, task: Promise<T>, complaint: () => string): Promise<T> {
  const late = Promise.withResolvers<never>()
  const cancel = afterRunning(ms, () => late.reject(new Error(complaint())))
  try {
    return await Promise.race([task, late.promise])
  } finally {
    cancel()
  }
}
