// Shows what the `mailbox:` mailer kept: /dev/mailbox, and /dev/mailbox.json for tests and scripts. /dev/mailbox/preview shows each mail.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { PAGE_CSP } from '../server/http/page.ts'
import type { Store } from '../server/ports/store/store.ts'
import type { Markup, StandaloneCatalogue } from './catalogue.ts'
import { previews, type Preview } from './mailbox-preview.ts'
import type { Settings } from './settings.ts'

const SHOWN = 100
const FRAMED = {
  ...PAGE_CSP,
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups",
  'x-frame-options': 'SAMEORIGIN',
}
/** Ours alone are of the page's origin: Chromium paints no frame of another one outside of the window, so a picture of the page lacks them */
const PREVIEW_SANDBOX = 'allow-popups allow-same-origin'
const FRAMED_PREVIEW = {
  ...FRAMED,
  'content-security-policy': FRAMED['content-security-policy'].replace('allow-popups', PREVIEW_SANDBOX),
}
/** The page shows the mails in frames */
const FRAMING = {
  ...PAGE_CSP,
  'content-security-policy': PAGE_CSP['content-security-policy'].replace(
    "form-action 'self'",
    "form-action 'self'; frame-src 'self'",
  ),
}
const MAILBOX_CSS = `
.mailbox { max-width: 800px; margin: 0 auto; padding: 40px 24px; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 24px; margin-bottom: 16px; }
article p { color: var(--muted); margin-bottom: 12px; overflow-wrap: anywhere; }
h2 { overflow-wrap: anywhere; }
/* Tall enough for most mails. It can be drawn larger, and scrolls */
iframe { display: block; width: 100%; height: 520px; resize: vertical; border: 1px solid var(--line); border-radius: 8px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/20px ui-monospace, monospace; margin: 12px 0 0; }
details { margin-top: 12px; }
summary { cursor: pointer; color: var(--muted); border-radius: 4px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 12px 0 0; font: 13px/20px ui-monospace, monospace; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 480px) { .mailbox { padding: 24px 12px; } article { padding: 16px; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 8px; } }
`

export function mountMailbox(app: Hono, words: StandaloneCatalogue, store: Store, settings: Settings): void {
  const say = words.mailbox
  // The page has no script, so it tells the time of the server, and says of which zone
  const time = new Intl.DateTimeFormat(words.locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  })
  app.get('/dev/mailbox.json', async (c) => c.json(await store.listMails(SHOWN)))
  app.get('/dev/mailbox.css', (c) => c.body(MAILBOX_CSS, 200, { 'content-type': 'text/css; charset=utf-8' }))
  app.get('/dev/mailbox/preview/:id', async (c) => {
    const mail = (await previews(words, settings)).find(({ id }) => id === c.req.param('id'))
    return mail ? c.html(mail.html, 200, FRAMED_PREVIEW) : c.notFound()
  })
  app.get('/dev/mailbox/preview', async (c) => {
    const mails = await previews(words, settings)
    const articles = mails.map((mail) =>
      article(mail, { src: `preview/${mail.id}`, sandbox: PREVIEW_SANDBOX, sent: '' }),
    )
    const intro = html`${say.previewIntro} <a href="../mailbox">${say.back}</a>`
    return c.html(page({ title: say.previewTitle, intro, articles, root: '../../' }), 200, FRAMING)
  })
  app.get('/dev/mailbox/:id', async (c) => {
    const mail = (await store.listMails(SHOWN)).find((m) => m.id === c.req.param('id'))
    return mail ? c.html(mail.html, 200, FRAMED) : c.notFound()
  })
  app.get('/dev/mailbox', async (c) => {
    const mails = await store.listMails(SHOWN)
    const sent = (at: string) => html` · <time datetime="${at}">${time.format(new Date(at))}</time>`
    const articles = mails.map((mail) =>
      article(mail, { src: `mailbox/${mail.id}`, sandbox: 'allow-popups', sent: sent(mail.created_at) }),
    )
    const empty = html`<article>
      <h2>${say.empty}</h2>
      <p>${say.emptyHint}</p>
    </article>`
    const intro = html`${say.intro} <a href="mailbox/preview">${say.preview}</a>`
    return c.html(
      page({ title: say.title, intro, articles: mails.length === 0 ? [empty] : articles, root: '../' }),
      200,
      FRAMING,
    )
  })

  /** @param root the way to the path at which the server is mounted */
  function page({ title, intro, articles, root }: Page): Markup {
    return html`<!doctype html>
      <html lang="${words.locale}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${say.windowTitle}</title>
          <link rel="icon" href="data:," />
          <link rel="stylesheet" href="${root}pages.css" />
          <link rel="stylesheet" href="${root}dev/mailbox.css" />
        </head>
        <body>
          <main class="mailbox">
            <h1>${title}</h1>
            <p>${intro}</p>
            ${articles}
          </main>
        </body>
      </html>`
  }

  function article(mail: Preview, { src, sandbox, sent }: Frame): Markup {
    const { to, subject, text, headers } = mail
    return html`<article>
      <h2>${subject}</h2>
      <p>${say.to} <bdi>${to.name === '' ? to.address : `${to.name} <${to.address}>`}</bdi>${sent}</p>
      <iframe src="${src}" sandbox="${sandbox}" title="${subject}"></iframe>
      <details>
        <summary>${say.text}</summary>
        <pre tabindex="0">${text}</pre>
      </details>
      ${
        Object.keys(headers).length === 0
          ? ''
          : html`<details>
              <summary>${say.headers}</summary>
              <dl>
                ${Object.entries(headers).map(
                  ([name, value]) =>
                    html`<dt>${name}</dt>
                      <dd>${value}</dd>`,
                )}
              </dl>
            </details>`
      }
    </article>`
  }
}

interface Page {
  title: string
  intro: Markup
  articles: Markup[]
  root: string
}

interface Frame {
  /** Of the mail's HTML */
  src: string
  sandbox: string
  /** When it was */
  sent: Markup | string
}
