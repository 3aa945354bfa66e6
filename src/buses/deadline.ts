/**
 * Rejects with `complaint` when `task` has not settled after `ms`. When the process itself was blocked for that long, what has arrived
 * meanwhile is read first.
 */
export async function within<T>(ms: number, task: Promise<T>, complaint: () => string): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => setImmediate(() => late.reject(new Error(complaint()))), ms)
  try {
    return await Promise.race([task, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
