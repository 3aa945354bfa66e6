const SECOND = 1_000

/** Milliseconds that the header `Retry-After` asks to wait: seconds, or a date (RFC 9110 section 10.2.3); undefined: it says nothing */
export function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * SECOND)
  const at = value === '' ? NaN : Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now())
}
