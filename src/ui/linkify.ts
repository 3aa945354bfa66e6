// Finds web and mail addresses in plain text. The caller turns the pieces into text nodes and anchors, never into HTML.

export type Piece = string | { href: string; text: string }

const ADDRESS = /\b(?:https?:\/\/|mailto:)[^\s<>"“”]+/gi
const TRAILING = ".,;:!?'’*_~]}"

export function linkify(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = trim(match[0])
    const href = safeHref(address)
    if (href === null) continue
    if (match.index > end) pieces.push(text.slice(end, match.index))
    pieces.push({ href, text: address })
    end = match.index + address.length
  }
  if (end < text.length) pieces.push(text.slice(end))
  return pieces
}

/**
 * Without the full stop of the sentence, and without a closing bracket that was opened before the address. One pass from the
 * end: the text comes from strangers, and ten thousand brackets must not block the reader's page.
 */
function trim(address: string): string {
  let surplus = address.split(')').length - address.split('(').length
  let end = address.length
  for (; end > 0; end--) {
    const last = address[end - 1] ?? ''
    if (last === ')' && surplus > 0) surplus--
    else if (!TRAILING.includes(last)) break
  }
  return address.slice(0, end)
}

function safeHref(address: string): string | null {
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  if (url.protocol === 'mailto:') return url.pathname.includes('@') ? url.href : null
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null
}
