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

/** Neither the file `icon@2x.webp` or `logo@large.png`, nor the version `deskbell@1.2.3-rc.next` */
const MAIL_HOST = raw`(?!\d+(?:x\.|\.\d))(?:${LABEL}\.)+(?!(?:png|jpe?g|svg|pdf|html|css|js)\b)(?:\p{sc=Latn}{2,}|(?!\p{sc=Latn})\p{L}[\p{L}\p{M}]+)`
/** The length of a name is limited, so that a long word is not searched again from each of its letters */
const MAIL = raw`(?<![${LATIN}.+@/-])[${LATIN}][${LATIN}_.+'-]{0,63}@${MAIL_HOST}(?![-.]*[a-z\d@]|:\S)`

const ADDRESS = new RegExp(
  raw`(?<![a-z\d])(?:(https?://)|(mailto:(?=[^\s?@]{1,64}@))|(?<![.@/-])(www\.)(?=${LABEL}\.\p{L}{2}))${REST}|${MAIL}`,
  'giu',
)
/** Not with a name before an @, which looks like the host, nor with a host in escapes: neither shows where it leads */
const ORIGIN = new RegExp(raw`^https?://(?![^/?#]*[@%])(?:\[[\da-f:.]+\]|${HOST})(?::\d+)?`, 'iu')

const BRACKETS = '()[]{}'
/** Belongs to the sentence if an address ends in it */
const TRAILING = /[.,:;!?'*~|～\u200c\u200d]|(?![\0-\x7f])\p{P}/u

export function linkify(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const { 0: found, 1: scheme, 2: mailto, 3: www, index } of text.matchAll(ADDRESS)) {
    const implied = www ? 'https://' : (scheme ?? mailto) ? '' : 'mailto:'
    const address = implied + trim(found, text.slice(0, index))
    const url = scheme || www ? leading(address) : address
    if (!URL.canParse(url)) continue
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
function trim(address: string, before: string): string {
  const mark = before.slice(-1)
  const wrapped = mark && "'*~|".includes(mark) ? address.indexOf(mark) : -1
  let end = wrapped === -1 ? address.length : wrapped
  const open: number[] = []
  const kindAt = (at: number): number => BRACKETS.indexOf(address.charAt(at))
  for (let at = 0; at < end; at++) {
    const kind = kindAt(at)
    if (kind % 2 === 0) open.push(at)
    else if (kind > 0) {
      if (kindAt(open.at(-1) ?? at) === kind - 1) open.pop()
      else end = at
    }
  }
  end = open[0] ?? end
  // An underscore may be the address's own, as in those of videos
  const isTrailing = (char: string): boolean => TRAILING.test(char) || (char === '_' && before.includes('_'))
  while (isTrailing(address.charAt(end - 1))) end--
  return address.slice(0, end)
}

/** The part of a web address that leads where it seems to lead; empty if there is none */
function leading(address: string): string {
  const origin = ORIGIN.exec(address)?.[0] ?? ''
  return '/?#'.includes(address.charAt(origin.length)) ? address : origin
}
