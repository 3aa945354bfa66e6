// A page of a made-up product, so that the widget is seen where it will live.
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { PAGE_CSP } from '../../server/http/page.ts'
import { AUDIENCE, type Tokens } from '../../server/people/token.ts'
import { DEMO_CSS } from './css.ts'

/** Who may be tried out with `?as=` */
const PEOPLE: Record<string, { email: string; name: string }> = {
  ada: { email: 'ada@example.com', name: 'Ada Moreau' },
  omar: { email: 'omar@example.com', name: 'Omar Haddad' },
}
/** Seconds */
const TOKEN_LIFE = 24 * 3600

export function mountDemo(app: Hono, tokens: Tokens, publicUrl: string): void {
  app.get('/demo.css', (c) => c.body(DEMO_CSS, 200, { 'content-type': 'text/css; charset=utf-8' }))
  app.get('/demo', async (c) => {
    const as = c.req.query('as') ?? 'ada'
    const id = Object.hasOwn(PEOPLE, as) ? as : 'ada'
    const person = PEOPLE[id] ?? { email: '', name: '' }
    const token = await tokens.sign({ sub: `demo-${id}`, ...person }, AUDIENCE.user, TOKEN_LIFE)
    return c.html(page(id, person, token, publicUrl), 200, PAGE_CSP)
  })
}

const page = (id: string, person: { email: string; name: string }, token: string, publicUrl: string) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Settings · Fernwell</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="pages.css" />
        <link rel="stylesheet" href="demo.css" />
        <script
          src="widget.js"
          data-token="${token}"
          data-title="Support"
          data-greeting="Questions about bookings or billing? Write to us, we read everything."
          async
        ></script>
      </head>
      <body>
        <header class="bar">
          <span class="brand">Fernwell</span>
          <nav aria-label="Product">
            <a href="demo">Calendar</a> <a href="demo">Clients</a> <a href="demo" aria-current="page">Settings</a>
          </nav>
          <span class="who">${person.name}</span>
        </header>
        <main class="demo">
          <h1>Studio settings</h1>
          <p class="lead">Fernwell is a made-up booking app. The chat in the corner is Deskbell.</p>
          <section>
            <h2>Profile</h2>
            <dl>
              <dt>Name</dt>
              <dd>${person.name}</dd>
              <dt>E-mail</dt>
              <dd>${person.email}</dd>
              <dt>Plan</dt>
              <dd>Studio, billed monthly</dd>
            </dl>
          </section>
          <section>
            <h2>Opening hours</h2>
            <dl>
              <dt>Monday to Friday</dt>
              <dd>9:00 – 18:00</dd>
              <dt>Saturday</dt>
              <dd>10:00 – 14:00</dd>
            </dl>
          </section>
          <section class="try">
            <h2>Try it</h2>
            <p>
              Open the chat and say something. Answer from the <a href="dashboard" target="_blank">dashboard</a> (sign
              in with the link that the server printed), and look at what would have been sent in the
              <a href="dev/mailbox" target="_blank">mailbox</a>. You are ${person.name};
              <a href="demo?as=${id === 'ada' ? 'omar' : 'ada'}">be someone else</a>.
            </p>
            <h2>Put it into your own page</h2>
            <pre tabindex="0"><code>&lt;script src="${publicUrl}/widget.js"
        data-token="TOKEN" async&gt;&lt;/script&gt;</code></pre>
            <p>TOKEN is a short JWT that your server signs, with the person's id, e-mail and name.</p>
          </section>
        </main>
      </body>
    </html>`
