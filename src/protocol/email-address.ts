/** Octets (RFC 5321 section 4.5.3.1.3, without the angle brackets) */
const LONGEST = 254

/** Any script (RFC 6531), but no space, control character or character that separates addresses */
const WORD = String.raw`[[\p{L}\p{M}\p{N}\p{P}\p{S}]--[\(\)<>\[\]:;@\\,"]]`
const LETTER = String.raw`[\p{L}\p{M}\p{N}]`
const LABEL = `${LETTER}(?:[${LETTER}\\-]*${LETTER})?`
/** Ends in a label that is no number, so that it is no IP address */
const DOMAIN = String.raw`(?:${LABEL}\.)*(?!\p{N}+$)${LABEL}`
const ADDRESS = new RegExp(`^(?:${WORD}+|"(?:${WORD}| )+")@${DOMAIN}$`, 'v')

/**
 * Whether this is one e-mail address, `local@domain`, and nothing else. It is stricter than RFC 5322 where mail programs disagree
 * about what an address means: no comment, no display name, no IP address, and no separator in a quoted local part. It is more
 * generous where mail servers are: two dots in a row, and long local parts.
 */
export const isEmailAddress = (text: string): boolean =>
  text.length <= LONGEST && ADDRESS.test(text) && new TextEncoder().encode(text).length <= LONGEST

/** What is the same for two ways to write one address: services change its case, and write domains as DNS has them */
export function plainAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = `http://${address.slice(at + 1)}`
  return (address.slice(0, at + 1) + (URL.canParse(domain) ? new URL(domain).hostname : domain)).toLowerCase()
}
