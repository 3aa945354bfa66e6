import type { Hono } from 'hono'
import { html } from 'hono/html'
import { PAGE_CSP } from '../http/page.ts'
import { AUDIENCE, type Tokens } from '../people/token.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store/store.ts'

/**
 * The link of the e-mail. A GET asks (link scanners follow links), a POST does it: the button's, or that of a mail program
 * by RFC 8058, which carries `List-Unsubscribe=One-Click` and no cookie.
 */
export function mountUnsubscribe(app: Hono, store: Store, tokens: Tokens, clock: Clock): void {
  const page = (title: string, text: string, button: boolean) =>
    html`<!doctype html>
      <html lang="en">
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
            ${button ? html`<form method="post"><button>Unsubscribe</button></form>` : ''}
          </main>
        </body>
      </html>`

  app.get('/unsubscribe', async (c) => {
    await tokens.subject(c.req.query('token') ?? '', AUDIENCE.unsubscribe)
    const text = 'You will get no more e-mails about replies from support. You can still read them in the chat.'
    return c.html(page('Stop these e-mails?', text, true), 200, PAGE_CSP)
  })
  app.post('/unsubscribe', async (c) => {
    const person = await tokens.subject(c.req.query('token') ?? '', AUDIENCE.unsubscribe)
    await store.unsubscribe(person, isoTime(clock.now()))
    return c.html(page('You are unsubscribed', 'No more e-mails about replies from support.', false), 200, PAGE_CSP)
  })
}
