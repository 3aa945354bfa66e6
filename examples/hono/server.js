import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { personOf, signedIn } from './session.js'
import { deskbell, port } from './support.js'

const page = (person) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>A Hono app</title>
        <link rel="icon" href="data:," />
        <script src="/support/widget.js" async></script>
      </head>
      <body>
        <h1>A Hono app</h1>
        <p>${person ? `Signed in as ${person.name}` : 'Nobody has signed in.'}</p>
        <form method="post" action="/sign-in">
          <button name="who" value="ada">Sign in as Ada, a customer</button>
          <button name="who" value="sam">Sign in as Sam, of staff</button>
        </form>
        <p><a href="/support/dashboard">The dashboard</a></p>
      </body>
    </html>`

const app = new Hono()
app.all('/support/*', (c) => deskbell.fetch(c.req.raw, c.env))
app.get('/', (c) => c.html(page(personOf(c.req.header('cookie')))))
app.post('/sign-in', async (c) => {
  const { who } = await c.req.parseBody()
  c.header('set-cookie', signedIn(who))
  return c.redirect('/', 303)
})

serve({ fetch: app.fetch, port }, () => console.log(`http://localhost:${port}`)).on('upgrade', deskbell.upgrade)
