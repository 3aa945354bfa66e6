import { join } from 'node:path'
import files from '@fastify/static'
import Fastify from 'fastify'
import { signedIn } from './session.js'
import { deskbell, port } from './support.js'

const app = Fastify()
app.register(deskbell.fastify)
app.register(files, { root: join(import.meta.dirname, 'dist') })
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, async (_request, body) =>
  Object.fromEntries(new URLSearchParams(body)),
)
app.post('/sign-in', (request, reply) => reply.header('set-cookie', signedIn(request.body.who)).redirect('/', 303))

console.log(await app.listen({ port }))
