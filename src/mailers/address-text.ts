import type { Sender } from './sender.ts'

/** Octets of UTF-8 in one encoded word: with `=?UTF-8?B?…?=` around it, 75 characters at most (RFC 2047 section 2) */
const WORD = 45

/** `"Name" <address>`, for services that take an address as text */
export const mailboxText = ({ name, address }: Sender): string =>
  name === '' ? address : `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`

/** The same in ASCII, as headers have it: a name with other characters becomes encoded words (RFC 2047) */
export function asciiMailboxText({ name, address }: Sender): string {
  if (/^[ -~]*$/.test(name)) return mailboxText({ name, address })
  return `${encodedWords(name)} <${address}>`
}

function encodedWords(text: string): string {
  const words = ['']
  for (const character of text) {
    const longer = `${words.at(-1)}${character}`
    if (Buffer.byteLength(longer) > WORD) words.push(character)
    else words[words.length - 1] = longer
  }
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ')
}
