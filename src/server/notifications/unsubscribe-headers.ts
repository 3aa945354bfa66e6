/** Octets of a header's value: a line of a mail has at most 998 (RFC 5322 section 2.1.1), and a URL cannot be folded */
const LONGEST_HEADER = 990

/**
 * One-click unsubscribe (RFC 8058). The link in the mail remains when a very long id of a person makes the header's line too long
 */
export function unsubscribeHeaders(url: string): Record<string, string> {
  const value = `<${url}>`
  if (value.length > LONGEST_HEADER) return {}
  return { 'List-Unsubscribe': value, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
}
