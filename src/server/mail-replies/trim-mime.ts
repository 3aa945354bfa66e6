/** Bytes at the beginning of a mail that stay: what somebody wrote comes before what they attach */
export const WHOLE = 2_000_000
/** Bytes after those that stay: the headers of parts, which name attachments */
const HEADERS = 256_000
const NEW_LINE = 10
const DASH = 45

/**
 * A mail without the contents of its attachments, which nobody reads, so that a large mail takes no longer than others to parse. After
 * its beginning only the headers of parts are left: the lines between a boundary, which starts with `--`, and an empty line.
 */
export function trimMime(raw: Uint8Array): Uint8Array {
  if (raw.length <= WHOLE) return raw
  const kept = new Uint8Array(WHOLE + HEADERS)
  let at = raw.indexOf(NEW_LINE, WHOLE - 1_000) + 1
  if (at === 0 || at > WHOLE) at = WHOLE
  kept.set(raw.subarray(0, at))
  let length = at
  let isHeader = false
  while (at < raw.length) {
    const found = raw.indexOf(NEW_LINE, at)
    const next = found === -1 ? raw.length : found + 1
    if (raw[at] === DASH && raw[at + 1] === DASH) isHeader = true
    if (isHeader) {
      if (length + next - at > kept.length) break
      kept.set(raw.subarray(at, next), length)
      length += next - at
      // Of an empty line there is nothing but its end
      if (next - at <= 2) isHeader = false
    }
    at = next
  }
  return kept.subarray(0, length)
}
