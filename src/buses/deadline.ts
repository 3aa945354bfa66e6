/**
 * Rejects with `complaint` when `task` has not settled after `ms`.
 * Whoever blocked this process for so long gets its network looked at once more before anybody is blamed.
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
