// Apps as hosts write them, with a chat at /support and routes of their own, in every way in which the chat can be mounted.
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { Deskbell } from '../../src/entries/node.ts'
import { load } from './frameworks.ts'

/** @returns the server, which listens when `listen` was called. The app answers `POST /own` with the `text` of a JSON body */
export type App = (deskbell: Deskbell) => Promise<{ server: Server; listen?: () => Promise<unknown> }>

type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => unknown

interface ParserOptions {
  type?: string
  verify?: (request: IncomingMessage & { rawBody?: Buffer }, response: unknown, bytes: Buffer) => void
}
type Parser = (options?: ParserOptions) => Middleware

interface ExpressApp {
  use(...what: (string | Middleware | ExpressApp)[]): void
  post(path: string, ...handlers: (Middleware | ExpressHandler)[]): void
  set(name: string, value: unknown): void
}
type ExpressHandler = (request: { body: { text: string } }, response: { json(body: unknown): void }) => void
interface Express {
  (): ExpressApp
  Router: () => ExpressApp
  json: Parser
  raw: Parser
  text: Parser
  static: (folder: string) => Middleware
}

/** @param mount how the host does it. Its own route comes after */
const express =
  (version: 'express' | 'express-4', mount: (app: ExpressApp, deskbell: Deskbell, express: Express) => void): App =>
  async (deskbell) => {
    const framework = load<Express>(version)
    const app = framework()
    mount(app, deskbell, framework)
    app.post('/own', framework.json(), (({ body }, response) => response.json({ own: body.text })) as ExpressHandler)
    const server = createServer(app as unknown as RequestListener)
    server.on('upgrade', deskbell.upgrade)
    return { server }
  }

interface FastifyInstance {
  server: Server
  register(plugin: unknown, options?: object): Promise<unknown>
  use(...what: (string | Middleware)[]): void
  post(path: string, handler: (request: { body: { text: string } }) => Promise<unknown>): void
  addHook(name: string, hook: (request: unknown, reply: unknown) => Promise<void>): void
  ready(): Promise<unknown>
  listen(options: { port: number; host: string }): Promise<string>
}
const fastify =
  (mount: (app: FastifyInstance, deskbell: Deskbell) => Promise<unknown>): App =>
  async (deskbell) => {
    const app = load<() => FastifyInstance>('fastify')()
    await mount(app, deskbell)
    app.post('/own', async ({ body }) => ({ own: body.text }))
    return { server: app.server, listen: () => app.listen({ port: 0, host: '127.0.0.1' }) }
  }

interface HonoContext {
  req: { raw: Request; json(): Promise<{ text: string }> }
  env: object
  json(body: unknown): Response
}
interface HonoApp {
  fetch(request: Request): Promise<Response>
  mount(path: string, handler: (request: Request, env: object) => unknown): void
  all(path: string, handler: (context: HonoContext) => Promise<Response>): void
  use(handler: (context: HonoContext, next: () => Promise<void>) => Promise<unknown>): void
  post(path: string, handler: (context: HonoContext) => Promise<Response>): void
}
const hono =
  (mount: (app: HonoApp, deskbell: Deskbell) => void): App =>
  async (deskbell) => {
    const app = new (load<{ Hono: new () => HonoApp }>('hono').Hono)()
    mount(app, deskbell)
    app.post('/own', async (c) => c.json({ own: (await c.req.json()).text }))
    const { createAdaptorServer } = load<{ createAdaptorServer: (app: HonoApp) => Server }>('@hono/node-server')
    const server = createAdaptorServer(app)
    server.on('upgrade', deskbell.upgrade)
    return { server }
  }

interface NestApp {
  use(...what: (string | Middleware)[]): void
  useBodyParser(type: string): void
  getHttpServer(): Server
  listen(port: number, host: string): Promise<unknown>
}
const nest =
  (platform: 'express' | 'fastify', mount: (app: NestApp, deskbell: Deskbell) => void, options: object = {}): App =>
  async (deskbell) => {
    load('reflect-metadata')
    const { NestFactory } = load<{ NestFactory: { create(...args: unknown[]): Promise<NestApp> } }>('@nestjs/core')
    const { Module, Controller, Post, Body } =
      load<Record<string, (...args: unknown[]) => (...args: unknown[]) => void>>('@nestjs/common')
    class Own {
      own({ text }: { text: string }): unknown {
        return { own: text }
      }
    }
    // What decorators do, which Node does not strip
    Controller?.()(Own)
    Post?.('own')(Own.prototype, 'own', Object.getOwnPropertyDescriptor(Own.prototype, 'own'))
    Body?.()(Own.prototype, 'own', 0)
    class AppModule {}
    Module?.({ controllers: [Own] })(AppModule)
    const name = platform === 'express' ? 'ExpressAdapter' : 'FastifyAdapter'
    const Adapter = load<Record<string, new () => unknown>>(`@nestjs/platform-${platform}`)[name]
    if (!Adapter) throw new Error(`There is no ${name}`)
    const app = await NestFactory.create(AppModule, new Adapter(), { logger: false, ...options })
    mount(app, deskbell)
    return {
      server: app.getHttpServer().on('upgrade', deskbell.upgrade),
      listen: () => app.listen(0, '127.0.0.1'),
    }
  }

const keep: ParserOptions = { verify: (request, _response, bytes) => void (request.rawBody = bytes) }

const inExpress = (version: 'express' | 'express-4'): [string, App][] =>
  Object.entries({
    'at a path, before express.json()': express(version, (app, { listener }, { json }) => {
      app.use('/support', listener)
      app.use(json())
    }),
    'at a path, after express.json()': express(version, (app, { listener }, { json }) => {
      app.use(json())
      app.use('/support', listener)
    }),
    'at a path, after express.json() that keeps the bytes': express(version, (app, { listener }, { json }) => {
      app.use(json(keep))
      app.use('/support', listener)
    }),
    'at a path, after express.raw()': express(version, (app, { listener }, { raw }) => {
      app.use('/support', raw({ type: '*/*' }), listener)
    }),
    'at a path, after express.text()': express(version, (app, { listener }, { text }) => {
      app.use('/support', text({ type: '*/*' }), listener)
    }),
    'at no path, before express.json()': express(version, (app, { listener }, { json }) => {
      app.use(listener)
      app.use(json())
    }),
    'at no path, after express.json()': express(version, (app, { listener }, { json }) => {
      app.use(json())
      app.use(listener)
    }),
    'in a router': express(version, (app, { listener }, { Router }) => {
      const router = Router()
      router.use('/', listener)
      app.use('/support', router)
    }),
    'among what apps usually have': express(version, (app, { listener }, { static: files, json }) => {
      app.set('trust proxy', 1)
      app.use(load<() => Middleware>('compression')())
      app.use(load<{ default: () => Middleware }>('helmet').default())
      app.use(load<() => Middleware>('cors')())
      app.use(files(import.meta.dirname))
      app.use(json())
      app.use('/support', listener)
    }),
  })

export const APPS: Record<string, [string, App][]> = {
  'Node http': [
    [
      'before its own',
      async ({ listener, upgrade }) => {
        const server = createServer(
          (request, response) =>
            void listener(request, response, () => {
              let text = ''
              request.on('data', (bytes: Buffer) => (text += bytes.toString()))
              request.on('end', () => {
                const isOwn = request.url === '/own'
                response.writeHead(isOwn ? 200 : 404, { 'content-type': 'application/json' })
                response.end(isOwn ? JSON.stringify({ own: (JSON.parse(text) as { text: string }).text }) : '{}')
              })
            }),
        )
        return { server: server.on('upgrade', upgrade) }
      },
    ],
  ],
  'Express 5': inExpress('express'),
  'Express 4': inExpress('express-4'),
  'Fastify 5': Object.entries({
    'as a plugin': fastify((app, deskbell) => app.register(deskbell.fastify)),
    'as a plugin with a prefix': fastify((app, deskbell) => app.register(deskbell.fastify, { prefix: '/support' })),
    'by @fastify/middie, at a path': fastify(async (app, { listener, upgrade }) => {
      await app.register(load('@fastify/middie'))
      app.use('/support', listener)
      app.server.on('upgrade', upgrade)
    }),
    'by @fastify/middie, at no path': fastify(async (app, { listener, upgrade }) => {
      await app.register(load('@fastify/middie'))
      app.use(listener)
      app.server.on('upgrade', upgrade)
    }),
  }),
  Hono: Object.entries({
    'by mount': hono((app, { fetch }) => app.mount('/support', fetch)),
    'as a route': hono((app, { fetch }) => app.all('/support/*', (c) => fetch(c.req.raw, c.env))),
    'as a middleware': hono((app, { answer }) =>
      app.use(async (c, next) => (await answer(c.req.raw, c.env)) ?? (await next())),
    ),
  }),
  NestJS: Object.entries({
    'on Express': nest('express', (app, { listener }) => app.use('/support', listener)),
    'on Express, after its body parser': nest('express', (app, { listener }) => {
      app.useBodyParser('json')
      app.use('/support', listener)
    }),
    'on Express, with rawBody': nest('express', (app, { listener }) => app.use('/support', listener), {
      rawBody: true,
    }),
    'on Fastify': nest('fastify', (app, { listener }) => app.use('/support', listener)),
  }),
}

/** Where `publicUrl` says /support */
export const wrongly: Record<string, App> = {
  'Express 5': express('express', (app, { listener }) => app.use('/chat', listener)),
  'Express 4, behind a body parser': express('express-4', (app, { listener }, { json }) => {
    app.use(json())
    app.use('/chat', listener)
  }),
  '@fastify/middie': fastify(async (app, { listener }) => {
    await app.register(load('@fastify/middie'))
    app.use('/chat', listener)
  }),
  'Hono by mount': hono((app, { fetch }) => app.mount('/chat', fetch)),
  'Hono as a route': hono((app, { fetch }) => app.all('/chat/*', (c) => fetch(c.req.raw, c.env))),
  NestJS: nest('express', (app, { listener }) => app.use('/chat', listener)),
}
