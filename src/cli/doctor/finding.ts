/** The result of one check. `wrong` says what to do; a `note` is worth knowing, but does not fail the doctor. */
export interface Finding {
  check: string
  state: 'ok' | 'note' | 'wrong'
  text: string
}

export const ok = (check: string, text: string): Finding => ({ check, state: 'ok', text })
export const note = (check: string, text: string): Finding => ({ check, state: 'note', text })
export const wrong = (check: string, text: string): Finding => ({ check, state: 'wrong', text })

/** OpenSSL's code when the server did not answer with TLS */
const SPEAKS_NO_TLS = /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/

/** An error's reason in one line: also of several addresses that failed, and of the cause that `fetch` wraps */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  if (error.message === 'fetch failed' && error.cause !== undefined) return reasonOf(error.cause)
  if (SPEAKS_NO_TLS.test(String((error as { code?: unknown }).code))) return 'it does not speak TLS'
  return (error.message || error.name).replace(/\s+/g, ' ').trim()
}
