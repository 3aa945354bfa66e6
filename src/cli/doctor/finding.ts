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
