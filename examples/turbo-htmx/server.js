import { createRequire } from 'node:module'
import express from 'express'
import { signedIn } from './session.js'
import { deskbell, port } from './support.js'

/** Pages whose links replace only the body. The chat stays as it is, open or closed */
const page = (library, title, other) =>
  `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    ${library === 'turbo' ? '<script type="module" src="/turbo.js"></script>' : '<script src="/htmx.js" defer></script>'}
    <script src="/support/widget.js" async></script>
  </head>
  <body ${library === 'htmx' ? 'hx-boost="true"' : ''}>
    <h1>${title}</h1>
    <p><a href="${other}">Another page</a></p>
    <p><a href="/">Home</a></p>
  </body>
</html>`

const home = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Turbo and htmx</title>
    <link rel="icon" href="data:,">
    <script src="/support/widget.js" async></script>
  </head>
  <body>
    <h1>Turbo and htmx</h1>
    <form method="post" action="/sign-in">
      <button name="who" value="ada">Sign in as Ada, a customer</button>
      <button name="who" value="sam">Sign in as Sam, of staff</button>
    </form>
    <p><a href="/turbo/1">Pages with Turbo</a>, <a href="/htmx/1">pages with htmx</a>, <a href="/support/dashboard">the dashboard</a></p>
  </body>
</html>`

const app = express()
app.use('/support', deskbell.listener)
app.use(express.urlencoded())
app.post('/sign-in', (request, response) => {
  response.setHeader('set-cookie', signedIn(request.body.who))
  response.redirect(303, '/')
})
const { resolve } = createRequire(import.meta.url)
app.get('/turbo.js', (_request, response) => response.sendFile(resolve('@hotwired/turbo/dist/turbo.es2017-esm.js')))
app.get('/htmx.js', (_request, response) => response.sendFile(resolve('htmx.org/dist/htmx.min.js')))
app.get('/', (_request, response) => response.send(home))
for (const library of ['turbo', 'htmx']) {
  app.get(`/${library}/1`, (_request, response) => response.send(page(library, 'The first page', `/${library}/2`)))
  app.get(`/${library}/2`, (_request, response) => response.send(page(library, 'The second page', `/${library}/1`)))
}

app.listen(port, () => console.log(`http://localhost:${port}`)).on('upgrade', deskbell.upgrade)
