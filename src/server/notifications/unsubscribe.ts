import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { ServerCatalogue } from '../catalogue.ts'
import { PAGE_CSP } from '../http/page.ts'
import { AUDIENCE, type Tokens } from '../people/token.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store/store.ts'

export interface UnsubscribeOptions {
  words: ServerCatalogue
  store: Store
  tokens: Tokens
  clock: Clock
}

/**
 * The page behind the link in the e-mail. GET only asks, because link scanners follow links. POST unsubscribes. It comes from the
 * page's button, or from a mail program (RFC 8058), which sends `List-Unsubscribe=One-Click` and no cookie.
 */
export function mountUnsubscribe(app: Hono, { words, store, tokens, clock }: UnsubscribeOptions): void {
  const say = words.unsubscribe
  const page = (title: string, text: string, button: boolean) =>
    html`<!doctype html>
      <html lang="${words.locale}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width" />
          <title>${title}</title>
          <link rel="stylesheet" href="pages.css" />
        </head>
        <body class="narrow">
          <main>
            <h1>${title}</h1>
            <p>${text}</p>
            ${button ? html`<form method="post"><button>${say.confirm}</button></form>` : ''}
          </main>
        </body>
      </html>`

  app.get('/unsubscribe', async (c) => {
    await tokens.subject(c.req.query('token') ?? '', AUDIENCE.unsubscribe)
    return c.html(page(say.question, say.consequence, true), 200, PAGE_CSP)
  })
  app.post('/unsubscribe', async (c) => {
    const person = await tokens.subject(c.req.query('token') ?? '', AUDIENCE.unsubscribe)
    await store.unsubscribe(person, isoTime(clock.now()))
    return c.html(page(say.done, say.doneHint, false), 200, PAGE_CSP)
  })
}
