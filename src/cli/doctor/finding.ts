/** What one look found. `wrong` says what to do about it; a `note` is worth knowing, and no reason to fail. */
export interface Finding {
  check: string
  state: 'ok' | 'note' | 'wrong'
  text: string
}

export const ok = (check: string, text: string): Finding => ({ check, state: 'ok', text })
export const note = (check: string, text: string): Finding => ({ check, state: 'note', text })
export const wrong = (check: string, text: string): Finding => ({ check, state: 'wrong', text })

/** What an error says, also where several addresses were tried, or `fetch` hides it in a cause */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  if (error.message === 'fetch failed' && error.cause !== undefined) return reasonOf(error.cause)
  return error.message || error.name
}

/** @throws Error when it takes longer */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`No answer within ${ms / 1000} s`)), ms)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
