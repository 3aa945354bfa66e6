// Finds web and mail addresses in plain text. The caller turns the pieces into text nodes and anchors, never into HTML.
// docs/decisions has a paper on what ends an address, and on why no library does this.

export type Piece = string | { href: string; text: string }

const { raw } = String

/** Letters with their accents, and digits, of Latin script */
const LATIN = raw`\p{sc=Latn}\p{M}\d`
const LABEL = raw`[\p{L}\p{M}\p{N}\p{ExtPict}\u200c\u200d\ufe0f_-]+`
/** The last label is of one script: where others follow Latin letters, the sentence goes on without a space */
const HOST = raw`(?:${LABEL}\.)*(?:[${LATIN}](?:[${LATIN}-]*[${LATIN}])?|[\p{L}\p{M}\p{N}]+)`

/** ASCII without spaces, `"`, `<`, `>`, `\` and the backtick */
const ASCII = raw`[!#-;=?-[\]-_a-~]`
/** White space, what nobody sees, and what ends words, sentences and quotations in any script */
const ENDS = raw`[\s\p{Cc}\p{DI}\u2800\p{Term}\p{QMark}\p{Ps}\p{Pe}—―…‥]`
/** Right after a letter, an emoji comments on the address; after a slash, and in a host, it is part of it */
const COMMENT = raw`(?<=[\p{L}\p{N}])[\p{ExtPict}\p{RI}](?!\ufe0f?\.\p{L})`
/** "https://a.example/x,https://b.example" has two, "https://archive.example/https://a.example" one */
const NEXT = raw`(?<=[()[\]{},;|'*]|[^\0-\x7f])https?://`
/** The apostrophe of "L’Équipe" closes quotations too. Joiners are part of Persian words and of emoji */
const REST = raw`(?:(?!${NEXT})(?:${ASCII}|’(?=\p{sc=Latn})|[\u200c\u200d\ufe0f]|(?!${ENDS}|${COMMENT})[^\0-\x7f]))+`

/** Names of files: they are not the last label of a host */
const FILE = raw`(?:png|jpe?g|gif|webp|svg|pdf|html?|css|jsx?|tsx?|json)\b`
/** Not of `icon@2x.webp`, nor of `deskbell@1.2.3-rc.next` */
const MAIL_HOST = raw`(?!\d+(?:x\.|\.\d))(?:${LABEL}\.)+(?!${FILE})(?:xn--[a-z\d-]+|\p{sc=Latn}{2,}|(?!\p{sc=Latn})\p{L}[\p{L}\p{M}]+)`
/** The length of a name is limited, so that a long word is not searched again from each of its letters */
const MAIL = raw`(?<![${LATIN}.+@/-])[${LATIN}][${LATIN}_.+'-]{0,63}@${MAIL_HOST}(?![-.]?[a-z\d@]|:\S)`

const ADDRESS = new RegExp(
  raw`(?<![a-z\d])(?:(https?://|mailto:)|(?<![.@/-])(www\.)(?=${LABEL}\.\p{L}{2}))${REST}|${MAIL}`,
  'giu',
)
const ORIGIN = new RegExp(raw`^https?://(?:\[[\da-f:.]+\]|${HOST})(?::\d+)?`, 'iu')
/** A name before an @ looks like the host, and a host in escapes cannot be read: neither shows where it leads */
const MISLEADING = /^https?:\/\/[^/?#]*[@%]/i

const BRACKETS = '()[]{}'
/** Belongs to the sentence if an address ends in it */
const TRAILING = /[.,:;!?'*~|～\u200c\u200d]|(?![\0-\x7f])\p{P}/u

export function linkify(text: string): Piece[] {
  const pieces: Piece[] = []
  const emphasis = text.indexOf('_')
  let end = 0
  for (const { 0: found, 1: scheme, 2: www, index } of text.matchAll(ADDRESS)) {
    const implied = scheme ? '' : www ? 'https://' : 'mailto:'
    const url = toUrl(implied + trim(found, text.charAt(index - 1), emphasis !== -1 && emphasis < index))
    if (url === null) continue
    if (index > end) pieces.push(text.slice(end, index))
    const shown = url.slice(implied.length)
    pieces.push({ href: new URL(url).href, text: shown })
    end = index + shown.length
  }
  if (end < text.length) pieces.push(text.slice(end))
  return pieces
}

/**
 * Without what belongs to the sentence around it: brackets that are not opened and closed within the address, the mark that it is
 * wrapped in, and punctuation at the end. One pass each way: the text comes from strangers, and ten thousand brackets must not
 * block the reader's page.
 */
function trim(address: string, before: string, isEmphasis: boolean): string {
  const wrapped = before && "'*~|".includes(before) ? address.indexOf(before) : -1
  let end = wrapped === -1 ? address.length : wrapped
  const open: { at: number; kind: number }[] = []
  for (let at = 0; at < end; at++) {
    const kind = BRACKETS.indexOf(address.charAt(at))
    if (kind === -1) continue
    if (kind % 2 === 0) open.push({ at, kind })
    else if (open.at(-1)?.kind === kind - 1) open.pop()
    else end = at
  }
  end = open[0]?.at ?? end
  // Addresses of videos end in an underscore at times
  const isTrailing = (char: string): boolean => TRAILING.test(char) || (isEmphasis && char === '_')
  while (isTrailing(address.charAt(end - 1))) end--
  return address.slice(0, end)
}

/** The part of an address that leads where it seems to lead, or null */
function toUrl(address: string): string | null {
  if (/^mailto:/i.test(address))
    return URL.canParse(address) && new URL(address).pathname.includes('@') ? address : null
  const origin = ORIGIN.exec(address)?.[0]
  if (origin === undefined || MISLEADING.test(address)) return null
  const url = '/?#'.includes(address.charAt(origin.length)) ? address : origin
  return URL.canParse(url) ? url : null
}
