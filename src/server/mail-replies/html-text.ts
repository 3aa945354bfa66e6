import { convert } from 'html-to-text'

/** Characters of HTML that are read: what somebody wrote comes first, and below it are old mails */
const LONGEST = 1_000_000

/** A mail's HTML as plain text, with `>` before what it quotes, as in a plain mail. */
export const htmlText = (html: string): string =>
  convert(html, {
    wordwrap: false,
    limits: { maxInputLength: LONGEST, maxDepth: 100 },
    selectors: [
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'] } },
      { selector: 'img', format: 'skip' },
      // Outlook draws a line above the mail that it quotes
      { selector: 'hr', format: 'skip' },
      { selector: 'table', format: 'block' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  })
