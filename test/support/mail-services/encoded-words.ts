import type { Address } from './server.ts'

/** A name of encoded words (RFC 2047), decoded. @throws Error when a word is longer than the RFC lets it be */
export function simpleWords({ name, address }: Address): Address {
  const words = name.split(' ')
  if (!words.every((word) => word.startsWith('=?UTF-8?B?'))) return { name, address }
  if (words.some((word) => word.length > 75)) throw new Error('An encoded word is too long')
  return { name: words.map((word) => Buffer.from(word.slice(10, -2), 'base64').toString()).join(''), address }
}
