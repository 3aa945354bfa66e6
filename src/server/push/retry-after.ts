/** Milliseconds that the header `Retry-After` asks to wait: seconds, or a date; undefined: it says neither */
export function retryAfterOf(header: string | null | undefined): number | undefined {
  const value = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000
  const at = value === '' ? NaN : Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now())
}
