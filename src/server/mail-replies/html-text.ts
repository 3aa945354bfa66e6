import { convert } from 'html-to-text'

/**
 * Characters that are read, from `<body>` on: what somebody wrote comes first, and below it are old mails. The parser's time grows with
 * the square of how deep elements are nested, which a stranger decides.
 */
const MOST_READ = 100_000

/** A mail's HTML as plain text, with `>` before what it quotes, as in a plain mail. */
export function htmlText(html: string): string {
  const start = Math.max(0, html.search(/<body\b/i))
  return convert(html.slice(start, start + MOST_READ), {
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
  })
}
