/** Random bytes in an id, and for how many ids they are fetched at once: to fetch them takes longer than all the rest of an id */
const RANDOM = 10
const AT_ONCE = 256

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
/** Of a time that lasts until the year 10889 */
const TIME_DIGITS = 12
const DIGITS = 2 * RANDOM

let digits = ''
let used = 0

/** UUIDv7 (RFC 9562 section 5.7) */
export function newMessageId(): string {
  if (used === digits.length) fetchDigits()
  const time = Date.now().toString(16).padStart(TIME_DIGITS, '0')
  const random = digits.slice(used, (used += DIGITS))
  return `${time.slice(0, 8)}-${time.slice(8)}-${random.slice(0, 4)}-${random.slice(4, 8)}-${random.slice(8)}`
}

/** The digits of an id after its time, for the next ids: version and variant stand among the random ones */
function fetchDigits(): void {
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM * AT_ONCE))
  const at = (i: number): number => bytes[i] ?? 0
  for (let i = 0; i < bytes.length; i += RANDOM) {
    bytes[i] = 0x70 | (at(i) & 0x0f)
    bytes[i + 2] = 0x80 | (at(i + 2) & 0x3f)
  }
  digits = Array.from(bytes, (byte) => HEX[byte]).join('')
  used = 0
}
