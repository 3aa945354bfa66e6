import { STEP, type Steps } from './steps.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const PADDING = '='.charCodeAt(0)
const LETTERS = new TextEncoder().encode(ALPHABET)
/** In `SIX_BITS`: no letter of the alphabet, such as the end of a line */
const NONE = 64
/** The six bits for which a letter stands, by its character code */
const SIX_BITS = new Uint8Array(256).fill(NONE)
for (let bits = 0; bits < ALPHABET.length; bits++) SIX_BITS[ALPHABET.charCodeAt(bits)] = bits

/**
 * What a text in Base64 stands for (RFC 2045 section 6.8). Other characters than its own are skipped. Padding may be followed by more: some
 * programs encode a file piece by piece
 */
export function* base64Steps(letters: Uint8Array): Steps {
  let at = 0
  let held = 0
  let bits = 0
  while (at < letters.length) {
    const end = Math.min(at + STEP, letters.length)
    const bytes = new Uint8Array(((end - at) * 3) / 4 + 1)
    let length = 0
    for (; at < end; at++) {
      const character = letters[at] ?? 0
      if (character === PADDING) bits = 0
      const six = SIX_BITS[character] ?? NONE
      if (six === NONE) continue
      held = ((held << 6) | six) & 0xffff
      bits += 6
      if (bits < 8) continue
      bits -= 8
      bytes[length++] = held >> bits
    }
    yield bytes.subarray(0, length)
  }
}

/** Bytes as Base64, in one line. `btoa` would need them as a text, which takes several times as long to make */
export function inBase64(bytes: Uint8Array): Uint8Array {
  const letters = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(PADDING)
  let length = 0
  for (let at = 0; at < bytes.length; at += 3) {
    const held = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const last = Math.min(4, bytes.length - at + 1)
    for (let letter = 0; letter < last; letter++) letters[length++] = LETTERS[(held >> (18 - 6 * letter)) & 63] ?? 0
  }
  return letters
}
