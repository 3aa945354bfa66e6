import { convert, type HtmlToTextOptions } from 'html-to-text'
import { writtenText } from './written-text.ts'

/**
 * Characters that are read, from `<body>` on: what somebody wrote comes first, and below it are old mails. The parser's time grows with
 * the square of how deep elements are nested, which a stranger decides.
 */
const MOST_READ = 100_000

const OPTIONS: HtmlToTextOptions = {
  wordwrap: false,
  limits: { maxDepth: 100 },
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'] } },
    { selector: 'img', format: 'skip' },
    // Outlook draws a line above the mail that it quotes
    { selector: 'hr', format: 'skip' },
    { selector: 'table', format: 'block' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
}

const WITH_PICTURES: HtmlToTextOptions = {
  ...OPTIONS,
  selectors: [
    ...(OPTIONS.selectors ?? []).filter(({ selector }) => selector !== 'img'),
    { selector: 'img', format: 'picture' },
  ],
  formatters: {
    picture({ attribs = {} }, _walk, builder) {
      builder.addInline(` [${attribs['src'] ?? ''}] `, { noWordTransform: true })
    },
  },
}

const text = (html: string, options: HtmlToTextOptions): string => {
  const start = Math.max(0, html.search(/<body\b/i))
  return convert(html.slice(start, start + MOST_READ), options)
}

/** A mail's HTML as plain text, with `>` before what it quotes, as in a plain mail. */
export const htmlText = (html: string): string => text(html, OPTIONS)

/** The `Content-ID`s of the pictures in what a person wrote, and not in what they quote */
export const writtenPictures = (html: string): Set<string> =>
  new Set([...writtenText(text(html, WITH_PICTURES)).matchAll(/\[cid:([^\]]+)\]/g)].map(([, id = '']) => id))
