// A page of a made-up product, so that the widget is seen where it will live.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { chatPageHeaders } from '../../server/http/page.ts'
import { AUDIENCE, type Tokens } from '../../server/people/token.ts'
import type { StandaloneCatalogue } from '../catalogue.ts'
import { DEMO_CSS } from './css.ts'

/** Who may be tried out with `?as=` */
const PEOPLE: Record<string, { email: string; name: string }> = {
  ada: { email: 'ada@example.com', name: 'Ada Moreau' },
  omar: { email: 'omar@example.com', name: 'Omar Haddad' },
}
/** Seconds */
const TOKEN_LIFE = 24 * 3600

export interface DemoOptions {
  words: StandaloneCatalogue
  tokens: Tokens
  publicUrl: string
  /** Where browsers connect to besides this server, for `connect-src` */
  sources: readonly string[]
}

export function mountDemo(app: Hono, { words, tokens, publicUrl, sources }: DemoOptions): void {
  app.get('/demo.css', (c) => c.body(DEMO_CSS, 200, { 'content-type': 'text/css; charset=utf-8' }))
  app.get('/demo', async (c) => {
    const as = c.req.query('as') ?? 'ada'
    const id = Object.hasOwn(PEOPLE, as) ? as : 'ada'
    const person = PEOPLE[id] ?? { email: '', name: '' }
    const token = await tokens.sign(
      { sub: `demo-${id}`, ...person },
      { audience: AUDIENCE.user, expiresIn: TOKEN_LIFE },
    )
    return c.html(page(words, { id, ...person, token, publicUrl }), 200, chatPageHeaders(sources))
  })
}

interface Visit {
  id: string
  email: string
  name: string
  token: string
  publicUrl: string
}

function page({ locale, demo: say }: StandaloneCatalogue, { id, email, name, token, publicUrl }: Visit) {
  const link = (href: string, text: string) => html`<a href="${href}" target="_blank">${text}</a>`
  const somebodyElse = html`<a href="demo?as=${id === 'ada' ? 'omar' : 'ada'}">${say.somebodyElse}</a>`
  return html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${say.windowTitle}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="pages.css" />
        <link rel="stylesheet" href="demo.css" />
        <script
          src="widget.js"
          data-token="${token}"
          data-title="${say.chatHeading}"
          data-greeting="${say.chatGreeting}"
          async
        ></script>
      </head>
      <body>
        <header class="bar">
          <span class="brand">Fernwell</span>
          <nav aria-label="${say.navigation}">
            <a href="demo">${say.calendar}</a> <a href="demo">${say.clients}</a>
            <a href="demo" aria-current="page">${say.settings}</a>
          </nav>
          <span class="who">${name}</span>
        </header>
        <main class="demo">
          <h1>${say.title}</h1>
          <p class="lead">${say.lead}</p>
          <section>
            <h2>${say.profile}</h2>
            <dl>
              <dt>${say.name}</dt>
              <dd>${name}</dd>
              <dt>${say.email}</dt>
              <dd>${email}</dd>
              <dt>${say.plan}</dt>
              <dd>${say.planName}</dd>
            </dl>
          </section>
          <section>
            <h2>${say.hours}</h2>
            <dl>
              <dt>${say.weekdays}</dt>
              <dd>${say.weekdayHours}</dd>
              <dt>${say.saturday}</dt>
              <dd>${say.saturdayHours}</dd>
            </dl>
          </section>
          <section class="try">
            <h2>${say.tryIt}</h2>
            <p>
              ${say.tryHint({
                dashboard: link('dashboard', say.dashboard),
                mailbox: link('dev/mailbox', say.mailbox),
                name,
                somebodyElse,
              })}
            </p>
            <h2>${say.embed}</h2>
            <pre tabindex="0"><code>&lt;script src="${publicUrl}/widget.js"
        data-token="TOKEN" async&gt;&lt;/script&gt;</code></pre>
            <p>${say.embedHint}</p>
          </section>
        </main>
      </body>
    </html>`
}
