import type { FileContent } from '../ports/file-content.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const PADDING = '='.charCodeAt(0)
/** In `SIX_BITS`: no letter of the alphabet, such as the end of a line */
const NONE = 64
/** The six bits for which a letter stands, by its character code */
const SIX_BITS = new Uint8Array(256).fill(NONE)
for (let bits = 0; bits < ALPHABET.length; bits++) SIX_BITS[ALPHABET.charCodeAt(bits)] = bits

/** Letters that are decoded at a time */
const STEP = 65_536

/**
 * What a text in Base64 stands for (RFC 2045 section 6.8). Other characters than its own are skipped. Padding may be followed by more: some
 * programs encode a file piece by piece
 */
export function base64Content(text: Uint8Array): FileContent {
  return { size: sizeOf(text), stream: () => decoded(text) }
}

function sizeOf(text: Uint8Array): number {
  let size = 0
  let letters = 0
  const endPiece = (): void => {
    size += Math.floor((letters * 3) / 4)
    letters = 0
  }
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? 0
    if (character === PADDING) endPiece()
    else if (SIX_BITS[character] !== NONE) letters++
  }
  endPiece()
  return size
}

function decoded(letters: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0
  let held = 0
  let bits = 0
  /** @returns the bytes of the next letters, which may be none */
  function step(): Uint8Array {
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
    return bytes.subarray(0, length)
  }
  return new ReadableStream(
    {
      pull(controller) {
        while (at < letters.length) {
          const bytes = step()
          if (bytes.length > 0) return controller.enqueue(bytes)
        }
        controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}
