import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** Headers of the server's own pages: no inline code, nothing from other origins, no framing. */
export const PAGE_CSP = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
}

/** For a page with the chat. @param sources of a real-time service, for `connect-src` */
export const chatPageHeaders = (sources: readonly string[]): typeof PAGE_CSP => ({
  ...PAGE_CSP,
  'content-security-policy': PAGE_CSP['content-security-policy'].replace(
    "connect-src 'self'",
    ["connect-src 'self'", ...sources].join(' '),
  ),
})

export interface SmallPage {
  locale: string
  direction: 'ltr' | 'rtl'
  /** The address of `pages.css` */
  styles: string
  title: string
  text: string
  /** Below the text: buttons, or a link that leads on */
  actions: HtmlEscapedString | Promise<HtmlEscapedString>
}

/** A page that says one thing. */
export const smallPage = ({ locale, direction, styles, title, text, actions }: SmallPage) =>
  html`<!doctype html>
    <html lang="${locale}" dir="${direction}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${styles}" />
      </head>
      <body class="narrow">
        <main>
          <h1>${title}</h1>
          <p>${text}</p>
          <div class="actions">${actions}</div>
        </main>
      </body>
    </html>`

/** The link that leads on. The address of the page may hold a token, which is nobody else's business */
export const homeLink = (href: string, text: string) =>
  html`<a class="button" href="${href}" rel="noreferrer">${text}</a>`
