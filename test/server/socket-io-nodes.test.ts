// Two nodes whose host has the Redis adapter of Socket.IO. Ours goes over our bus, the host's over its adapter, each once.
import { createAdapter } from '@socket.io/redis-adapter'
import { createClient } from '@redis/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Server } from 'socket.io'
import { redisBus } from '../../src/buses/redis.ts'
import { busServer } from '../support/buses.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { IoClient, serveSocketIo } from '../support/socket-io.ts'

const redis = await busServer('redis')
afterAll(() => redis?.remove())

describe.skipIf(!redis).each([false, true])('two nodes, with connection state recovery: %s', (recovers) => {
  const desks: Desk[] = []
  const servers: Server[] = []
  const connections: { close: () => Promise<unknown> }[] = []
  /** What went through the adapter */
  const published: string[] = []

  async function connection() {
    const client = createClient({ url: redis?.url.href ?? '' })
    client.on('error', () => undefined)
    connections.push(client)
    await client.connect()
    return client
  }

  beforeAll(async () => {
    for (let n = 0; n < 2; n++) {
      const desk = await startDesk({ rateLimit: null, bus: redisBus(redis?.url.href ?? '') }, desks[0]?.file)
      desks.push(desk)
      const adapter = createAdapter(await connection(), await connection())
      servers.push(serveSocketIo(desk, { adapter, ...(recovers ? { connectionStateRecovery: {} } : {}) }))
    }
    const spy = await connection()
    await spy.pSubscribe('socket.io#*', (_message, channel) => void published.push(channel))
  })
  afterAll(async () => {
    for (const server of servers) await server.close()
    for (const desk of desks.toReversed()) await desk.stop()
    for (const client of connections) await client.close()
  })

  it('both sides, on different nodes, hear each message once and in order', async () => {
    const [here, there] = [desks[0]!, desks[1]!]
    const { token, chatId } = await here.person('ada')
    const clients = [
      await IoClient.open(here.url, token),
      await IoClient.open(there.url, token, { transports: ['polling'] }),
      await IoClient.open(there.url, await here.admin()),
    ]
    const [user, phone, staff] = clients as [IoClient, IoClient, IoClient]
    for (const client of clients) await client.ask('subscribe', { chat_id: chatId, after: 0 })
    await staff.ask('subscribe', { stream: 'admin' })
    published.splice(0)
    const sends = Array.from({ length: 40 }, (_, n) => {
      const client = clients[n % 3]!
      return client.ask('send_message', { chat_id: chatId, content: `m${n}`, client_id: `id-${n}` })
    })
    for (const answer of await Promise.all(sends)) expect(answer.ok).toBe(true)
    const all = Array.from({ length: 40 }, (_, n) => n + 1)
    for (const client of clients) {
      await until(() => client.seqs.length >= 40)
      expect(client.seqs).toEqual(all)
    }
    user.socket.emit('typing', { typing: true })
    await until(() => phone.of('typing').length > 0 && staff.of('typing').length > 0)
    await until(() => staff.of('presence').at(-1)?.['user_online'] === true)
    const fromUser = staff.of('new_user_message').map(({ message }) => message?.seq)
    expect(new Set(fromUser).size).toBe(fromUser.length)
    expect(published).toEqual([])

    // The host's own event, to everybody in the chat, wherever they are
    servers[0]!.of('/support').to(`support-chat-${chatId}`).emit('order_shipped', { order: 7 })
    for (const client of clients) {
      await until(() => client.of('order_shipped').length > 0)
      expect(client.of('order_shipped')).toEqual([{ event: 'order_shipped', order: 7 }])
    }
    await until(() => published.length > 0)
    expect(published).toHaveLength(1)

    await phone.ask('unsubscribe', { chat_id: chatId })
    servers[1]!.of('/support').to(`support-chat-${chatId}`).emit('order_shipped', { order: 8 })
    await until(() => user.of('order_shipped').length === 2)
    await phone.ask('mark_read')
    expect(phone.of('order_shipped')).toHaveLength(1)
    for (const client of clients) client.close()
  })

  it('a socket that comes back to the other node gets what it missed', async () => {
    const [here, there] = [desks[0]!, desks[1]!]
    const { token } = await here.person('bob')
    const user = await IoClient.open(here.url, token)
    await user.ask('subscribe', { after: 0 })
    await user.ask('send_message', { content: 'one' })
    await until(() => user.seqs.length === 1)
    user.close()
    await there.call('POST', '/support_chat/messages', token, { content: 'two' })
    const elsewhere = await IoClient.open(there.url, token)
    await elsewhere.ask('subscribe', { after: 1 })
    await here.call('POST', '/support_chat/messages', token, { content: 'three' })
    await until(() => elsewhere.texts.length === 2)
    expect(elsewhere.texts).toEqual(['two', 'three'])
    elsewhere.close()
  })
})
