/** What one look found. `wrong` says what to do about it; a `note` is worth knowing, and no reason to fail. */
export interface Finding {
  check: string
  state: 'ok' | 'note' | 'wrong'
  text: string
}

export const ok = (check: string, text: string): Finding => ({ check, state: 'ok', text })
export const note = (check: string, text: string): Finding => ({ check, state: 'note', text })
export const wrong = (check: string, text: string): Finding => ({ check, state: 'wrong', text })

/** The error where TLS was meant, and something else came back */
const SPEAKS_NO_TLS = /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/

/** What an error says, in one line, also where several addresses were tried, or `fetch` hides it in a cause */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  if (error.message === 'fetch failed' && error.cause !== undefined) return reasonOf(error.cause)
  if (SPEAKS_NO_TLS.test(String((error as { code?: unknown }).code))) return 'it does not speak TLS'
  return (error.message || error.name).replace(/\s+/g, ' ').trim()
}
