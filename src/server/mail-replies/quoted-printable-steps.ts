import { STEP, type Steps } from './steps.ts'

const EQUALS = '='.charCodeAt(0)
const RETURN = 13
const NEW_LINE = 10

/** What a text in Quoted-Printable stands for (RFC 2045 section 6.7). What is none of its sequences stays as it is */
export function* quotedPrintableSteps(text: Uint8Array): Steps {
  let at = 0
  while (at < text.length) {
    const end = stepEnd(text, at)
    const bytes = new Uint8Array(end - at)
    let length = 0
    while (at < end) {
      const byte = text[at] ?? 0
      const stands = byte === EQUALS ? sequence(text, at) : undefined
      if (!stands) {
        bytes[length++] = byte
        at++
        continue
      }
      if (stands.byte !== undefined) bytes[length++] = stands.byte
      at += stands.length
    }
    yield bytes.subarray(0, length)
  }
}

/** Where the next step ends: within no sequence */
function stepEnd(text: Uint8Array, at: number): number {
  const end = at + STEP
  if (end >= text.length) return text.length
  if (text[end - 1] === EQUALS) return end - 1
  return text[end - 2] === EQUALS ? end - 2 : end
}

/** What begins with an equals sign: a byte, or the end of a line that is none */
function sequence(text: Uint8Array, at: number): { length: number; byte?: number } | undefined {
  const next = text[at + 1]
  if (next === undefined) return { length: 1 }
  if (next === NEW_LINE) return { length: 2 }
  const last = text[at + 2]
  if (next === RETURN) return last === NEW_LINE || last === undefined ? { length: 3 } : undefined
  const byte = (hexDigit(next) << 4) | hexDigit(last)
  return byte < 0 ? undefined : { length: 3, byte }
}

/** -1: it is none */
function hexDigit(character = 0): number {
  if (character >= 48 && character <= 57) return character - 48
  const letter = character | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}
