// The chat in the servers that people have: every framework, and in each the ways in which it is mounted.
import { once } from 'node:events'
import type { Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { MessagePage, SupportChat, SupportMessage } from '../../src/protocol/types.ts'
import { until } from '../support/desk.ts'
import { TestStream } from '../support/event-stream.ts'
import { chatId, TestSocket, V1 } from '../support/socket.ts'
import { APPS, wrongly, type App } from './apps.ts'
import { isInstalled, load } from './frameworks.ts'
import { startHost, type Host } from './host.ts'

const rows = Object.entries(APPS).flatMap(([framework, ways]) =>
  ways.map(([way, app]) => [`${framework} ${way}`, app] as const),
)

describe.skipIf(!isInstalled).each(rows)('%s', (name, app) => {
  const answersAll = name === 'Hono by mount' || name === 'Hono as a route'
  let host: Host
  beforeAll(async () => {
    host = await startHost(app)
  })
  afterAll(() => host?.stop())

  it('opens a chat, takes messages, and marks them as read', async () => {
    const chat = (await (await host.call('GET', '/support/support_chat')).json()) as SupportChat
    expect(chat.messages).toEqual([])
    const content = 'naïve “quotes” 😀\n\\ </script>'
    const sent = await host.call('POST', '/support/support_chat/messages', { content, client_id: 'c1' })
    expect(sent.status).toBe(201)
    expect(((await sent.json()) as SupportMessage).content).toBe(content)
    const read = await host.call('PATCH', '/support/support_chat/mark_read', { up_to_seq: 1 })
    expect(await read.json()).toEqual({ up_to_seq: 1 })
    const bodiless = await host.call('PATCH', '/support/support_chat/mark_read')
    expect(bodiless.status).toBe(200)
    const page = (await (await host.call('GET', '/support/support_chat/messages?after=0')).json()) as MessagePage
    expect(page.messages.map((message) => message.content)).toContain(content)
  })

  it('opens sockets, and leaves those of others alone', async () => {
    const chat = (await (await host.call('GET', '/support/support_chat')).json()) as SupportChat
    const ws = host.url.replace('http', 'ws')
    const socket = await TestSocket.open(`${ws}/support/cable?jid=${host.token}`, [V1])
    await socket.subscribe(chatId(chat.id))
    await host.call('POST', '/support/support_chat/messages', { content: 'to the socket' })
    await until(() => socket.events('new_message').some((event) => event.message?.content === 'to the socket'))
    socket.close()
    const hot = await TestSocket.open(`${ws}/hot`)
    await until(() => hot.texts.includes('"hot"'))
    // Nothing was written to it besides
    await hot.pong()
    expect(hot.closed).toBeUndefined()
    hot.close()
  })

  it('streams events as they come', async () => {
    const stream = await TestStream.open(`${host.url}/support/support_chat/events`, host.token, {
      'accept-encoding': 'gzip, br',
    })
    await host.call('POST', '/support/support_chat/messages', { content: 'to the stream' })
    await until(() => stream.contents().includes('to the stream'))
    stream.close()
  })

  it('serves the widget and the dashboard to pages that need them', async () => {
    const widget = await fetch(`${host.url}/support/widget.js`)
    expect(widget.status).toBe(200)
    expect(widget.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(widget.headers.get('content-encoding')).toBe('gzip')
    expect(widget.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(await widget.text()).toContain('deskbell-chat')
    const dashboard = await fetch(`${host.url}/support/dashboard`)
    expect(dashboard.status).toBe(200)
    expect(dashboard.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it("hands on what is the host's, with its body", async () => {
    const own = await host.call('POST', '/own', { text: 'mine' })
    expect(own.ok).toBe(true)
    expect(await own.json()).toEqual({ own: 'mine' })
    const nowhere = await host.call('GET', '/nowhere')
    expect(nowhere.status).toBe(404)
    expect(nowhere.headers.get('content-type')).not.toContain('problem+json')
    // With `fetch` the chat was given everything below its path
    const below = await host.call('GET', '/support/nowhere')
    expect(below.status).toBe(404)
    expect(below.headers.get('content-type')?.includes('problem+json')).toBe(answersAll)
  })

  it('answers what is wrong with problems, also where bodies are parsed', async () => {
    const blank = await host.call('POST', '/support/support_chat/messages', { content: ' ' })
    expect([blank.status, ((await blank.json()) as { code: string }).code]).toEqual([422, 'blank'])
    const nobody = await host.call('GET', '/support/support_chat', undefined, { authorization: '' })
    expect([nobody.status, ((await nobody.json()) as { code: string }).code]).toEqual([401, 'unauthorized'])
    expect(host.errors).toEqual([])
  })
})

it.skipIf(!isInstalled)('Socket.IO and the chat share a server, whichever comes first', async () => {
  const { Server } = load<{
    Server: new (server?: unknown) => { attach(server: unknown): void; close(): Promise<void> }
  }>('socket.io')
  const plain = APPS['Express 5']?.[0]?.[1] as App
  const io = new Server()
  const before: App = async (deskbell) => {
    const app = await plain({ ...deskbell, upgrade: () => undefined })
    io.attach(app.server)
    app.server.on('upgrade', deskbell.upgrade)
    return app
  }
  const after: App = async (deskbell) => {
    const app = await plain(deskbell)
    io.attach(app.server)
    return app
  }
  for (const app of [before, after]) {
    const host = await startHost(app)
    const ws = host.url.replace('http', 'ws')
    const socket = await TestSocket.open(`${ws}/support/cable?jid=${host.token}`, [V1])
    const theirs = new WebSocket(`${ws}/socket.io/?EIO=4&transport=websocket`)
    const [opening] = (await once(theirs, 'message')) as [Buffer]
    expect(opening.toString()).toContain('"sid"')
    await until(() => socket.frames.length > 0)
    theirs.terminate()
    socket.close()
    await host.stop()
  }
  await io.close()
})

it.skipIf(!isInstalled)('@fastify/websocket and the chat share an app, whichever comes first', async () => {
  interface App {
    server: Server
    register(plugin: unknown): Promise<unknown>
    get(path: string, options: object, handler: (socket: { send(text: string): void }) => void): void
    listen(options: { port: number; host: string }): Promise<string>
  }
  const theirs = async (app: App): Promise<void> => {
    await app.register(load('@fastify/websocket'))
    await app.register(async (scope: App) => scope.get('/own-socket', { websocket: true }, (ws) => ws.send('"own"')))
  }
  for (const first of ['ours', 'theirs']) {
    const host = await startHost(async (deskbell) => {
      const app = load<() => App>('fastify')()
      if (first === 'theirs') await theirs(app)
      await app.register(deskbell.fastify)
      if (first === 'ours') await theirs(app)
      return { server: app.server, listen: () => app.listen({ port: 0, host: '127.0.0.1' }) }
    })
    const ws = host.url.replace('http', 'ws')
    const socket = await TestSocket.open(`${ws}/support/cable?jid=${host.token}`, [V1])
    const own = await TestSocket.open(`${ws}/own-socket`)
    await until(() => socket.frames.length > 0 && own.texts.includes('"own"'))
    await socket.pong()
    expect([socket.closed, own.closed]).toEqual([undefined, undefined])
    own.close()
    socket.close()
    await host.stop()
  }
})

describe.skipIf(!isInstalled)('mounted at a path that publicUrl does not have', () => {
  it.each(Object.entries(wrongly))('%s says so, to who asks and once to the host', async (_name, app: App) => {
    const host = await startHost(app)
    for (const path of ['/chat/support_chat', '/chat/widget.js', '/chat/dashboard']) {
      const answer = await host.call('GET', path)
      expect([answer.status, await answer.json()]).toEqual([
        404,
        expect.objectContaining({
          code: 'not_found',
          detail: `Deskbell is mounted at /support, and this request is for ${path}`,
        }),
      ])
    }
    expect(host.errors).toHaveLength(1)
    expect(String(host.errors[0])).toContain(
      'A request came for /chat/support_chat, but Deskbell is set up for /support.',
    )
    expect((await host.call('POST', '/own', { text: 'mine' })).ok).toBe(true)
    await host.stop()
  })

  it('as a Fastify plugin, the app does not start', async () => {
    const app = load<() => { register(plugin: unknown, options: object): Promise<unknown> }>('fastify')()
    const host = await startHost(APPS['Fastify 5']?.[0]?.[1] as App)
    await expect(app.register(host.deskbell.fastify, { prefix: '/chat' })).rejects.toThrow(
      'The prefix /chat does not lead to /support',
    )
    await host.stop()
  })
})
