// Hints for a Socket.IO server in another process, through Redis, with Socket.IO's own emitter, adapter and client.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createClient } from '@redis/client'
import { createAdapter } from '@socket.io/redis-adapter'
import { Server } from 'socket.io'
import { io as connect } from 'socket.io-client'
import { afterAll, describe, expect, it } from 'vitest'
import { connect as openClient, Conversation, listenWith } from '../../src/entries/client.ts'
import type { Publisher } from '../../src/entries/node.ts'
import { busServer } from '../support/buses.ts'
import { namedCodeOf } from '../support/documented-code.ts'
import { startDesk, until } from '../support/desk.ts'

interface Documented {
  publisherBy: (redis: unknown, listeners?: { url: string; secret: string }) => Publisher
}

const redis = await busServer('redis')

describe.skipIf(!redis)('the publisher for Socket.IO', () => {
  const ends: (() => unknown)[] = []
  afterAll(async () => {
    for (const end of ends.toReversed()) await end()
    await redis?.remove()
  })

  /** As docs/realtime.md shows it */
  async function documented<Exports>(name: string): Promise<Exports> {
    const root = join(import.meta.dirname, '../..')
    // Where packages are found from
    const dir = mkdtempSync(join(root, 'node_modules', '.socket-io-publisher-'))
    ends.push(() => rmSync(dir, { recursive: true }))
    const code = namedCodeOf('docs/realtime.md').get(name) ?? expect.fail(`the page has no ${name}`)
    const entry = (file: string): string => JSON.stringify(pathToFileURL(join(root, 'src/entries', file)).href)
    const file = join(dir, name.replace('.js', '.mjs'))
    writeFileSync(
      file,
      code.replace("'deskbell'", entry('node.ts')).replace("'deskbell/socket.io'", entry('socket.io.ts')),
    )
    return (await import(pathToFileURL(file).href)) as Exports
  }

  async function redisClient() {
    const client = await createClient({ url: redis?.url.href ?? '' }).connect()
    // The adapter has still to unsubscribe when its server is closed
    ends.push(() => client.close())
    return client
  }

  /** A server that lets each socket into the room that it names, as the host decides */
  async function serveElsewhere(): Promise<string> {
    const http = createServer()
    const io = new Server(http, { adapter: createAdapter(await redisClient(), await redisClient()) })
    io.of('/desk').on('connection', (socket) => void socket.join(String(socket.handshake.auth['room'])))
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    ends.push(() => io.close())
    return `http://127.0.0.1:${(http.address() as AddressInfo).port}/desk`
  }

  it('is heard by our client through the server of docs/realtime.md, over Redis', async () => {
    const { listen } = await documented<{ listen: (server: HttpServer, options: object) => Server }>(
      'socket-io-listeners.js',
    )
    const { publisherBy } = await documented<Documented>('socket-io-publisher.js')
    const secret = 'only-the-two-servers-know-this-secret'
    const http = createServer()
    const io = listen(http, { pub: await redisClient(), sub: await redisClient(), secret })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    ends.push(() => io.close())
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/desk`
    const desk = await startDesk({ publisher: publisherBy(await redisClient(), { url, secret }) })
    ends.push(() => desk.stop())
    const { token, chatId } = await desk.person('bob')
    listenWith({ socketIo: () => import('socket.io-client') })
    const { api, cable } = openClient({ server: desk.url, token })
    const chat = new Conversation({ api, cable, role: 'user' })
    ends.push(() => {
      chat.close()
      cable.close()
    })
    await chat.open()
    await until(() => io.of('/desk').adapter.rooms.has(`support-chat-${chatId}`))
    const staff = await desk.admin()
    await until(async () => {
      // Until the adapter listens at Redis
      await desk.call('POST', `/admin/chats/${chatId}/typing`, staff, { typing: true })
      return chat.state.typing !== null
    })
    await desk.call('POST', `/admin/chats/${chatId}/messages`, staff, { content: 'hello' })
    await until(() => chat.state.messages.length === 1)
    expect(desk.deskbell.load().connections.cable).toBe(0)
  })

  it('tells the rooms of the chat and of staff, and no other', async () => {
    const url = await serveElsewhere()
    const { publisherBy } = await documented<Documented>('socket-io-publisher.js')
    const desk = await startDesk({ publisher: publisherBy(await redisClient()) })
    ends.push(() => desk.stop())
    const { token, chatId } = await desk.person('ada')

    async function listen(room: string): Promise<object[]> {
      const heard: object[] = []
      const socket = connect(url, { auth: { room }, forceNew: true, transports: ['websocket'] })
      ends.push(() => socket.close())
      socket.on('new-message', (data: object) => heard.push(data))
      await new Promise<void>((resolve) => socket.on('connect', resolve))
      return heard
    }
    const [own, staff, other] = [
      await listen(`support-chat-${chatId}`),
      await listen('support-staff'),
      await listen('support-chat-other'),
    ]
    await until(async () => {
      // Until the adapter listens at Redis, and the sockets are in their rooms
      await desk.call('POST', '/support_chat/messages', token, { content: 'hello' })
      return own.length > 0 && staff.length > 0
    })
    expect(own.at(-1)).toEqual({ chat_id: chatId, seq: expect.any(Number) as number })
    expect(other).toEqual([])
    const chat = await desk.call('GET', '/support_chat', token)
    expect(chat.body).not.toHaveProperty('realtime')
  })
})
