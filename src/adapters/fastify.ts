// Fastify reads bodies before its handlers run, so the chat gets a scope of its own in which nothing is read.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { DeskbellCore } from '../server/deskbell-core.ts'
import type { NodeHandler } from './node-http.ts'
import type { NodeUpgrade } from './node-socket.ts'

/** What the plugin uses of a Fastify instance */
export interface FastifyScope {
  prefix: string
  server: Record<'on' | 'prependListener', (event: 'upgrade', listener: NodeUpgrade) => unknown>
  removeAllContentTypeParsers(): void
  addContentTypeParser(type: string, parser: (request: unknown, payload: unknown, done: Done) => void): unknown
  addHook(name: 'onRequest', hook: (request: FastifyQuestion, reply: FastifyAnswer, done: () => void) => void): unknown
  all(path: string, handler: (request: FastifyQuestion, reply: FastifyAnswer) => void): unknown
}

/** What the plugin uses of a Fastify request */
export interface FastifyQuestion {
  raw: IncomingMessage | Http2ServerRequest
}

type Done = (error: null) => void

/** What the plugin uses of a Fastify reply */
export interface FastifyAnswer {
  raw: ServerResponse | Http2ServerResponse
  hijack(): unknown
  callNotFound(): unknown
}

/** @throws Error when it is registered with a prefix that does not lead to the base path */
export type FastifyPlugin = (instance: FastifyScope) => Promise<void>

export function fastifyPlugin(core: DeskbellCore, handle: NodeHandler, upgrade: NodeUpgrade): FastifyPlugin {
  return async (instance) => {
    const { basePath } = core
    if (basePath !== instance.prefix && !basePath.startsWith(`${instance.prefix}/`))
      throw new Error(
        `The prefix ${instance.prefix} does not lead to ${basePath || '/'}, where publicUrl or basePath puts Deskbell`,
      )
    instance.removeAllContentTypeParsers()
    instance.addContentTypeParser('*', (_request, _payload, done) => done(null))
    instance.all(`${basePath.slice(instance.prefix.length)}/*`, (request, reply) => {
      void handle(request.raw, reply.raw, { taken: () => reply.hijack(), passed: () => reply.callNotFound() })
    })
    // @fastify/websocket sends every upgrade through Fastify's routes, and ends those that are not its own
    const upgrades = new WeakSet<object>()
    instance.server.prependListener('upgrade', (request) => void upgrades.add(request))
    instance.addHook('onRequest', (request, reply, done) => {
      const { raw } = request
      const isSocket = upgrades.has(raw) && core.socketPaths.includes(raw.url?.split('?', 1)[0] ?? '')
      if (isSocket) reply.hijack()
      else done()
    })
    instance.server.on('upgrade', upgrade)
  }
}
