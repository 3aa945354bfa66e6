import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { signedIn } from './session.js'
import { deskbell, port } from './support.js'

async function answer(request, response) {
  if (request.method === 'POST' && request.url === '/sign-in') {
    const form = new URLSearchParams(await text(request))
    response.writeHead(303, { location: '/', 'set-cookie': signedIn(form.get('who')) }).end()
  } else if (request.url === '/') {
    response.writeHead(200, { 'content-type': 'text/html' }).end(await readFile('index.html'))
  } else {
    response.writeHead(404).end()
  }
}

createServer((request, response) => deskbell.listener(request, response, () => answer(request, response)))
  .on('upgrade', deskbell.upgrade)
  .listen(port, () => console.log(`http://localhost:${port}`))
