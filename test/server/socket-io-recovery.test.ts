// Connection state recovery of Socket.IO: what was sent into a dead line comes from Socket.IO, and what came later from the chat.
import type { Server } from 'socket.io'
import { afterEach, describe, expect, it } from 'vitest'
import { FaultProxy } from '../../src/testing/fault-proxy.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { IoClient, serveSocketIo } from '../support/socket-io.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

interface Scene {
  desk: Desk
  io: Server
  client: IoClient
  line: FaultProxy
  token: string
  chatId: string
  say: (content: string) => Promise<void>
  /** Of the chat in the server's view */
  connected: () => number
}

async function meet(skipMiddlewares: boolean): Promise<Scene> {
  const desk = await startDesk({ rateLimit: null })
  const io = serveSocketIo(desk, { connectionStateRecovery: { maxDisconnectionDuration: 60_000, skipMiddlewares } })
  const line = await FaultProxy.start(desk.port)
  ends.push(
    () => desk.stop(),
    () => io.close(),
    () => line.close(),
  )
  const { token, chatId } = await desk.person('ada')
  const say = async (content: string): Promise<void> => {
    const { status } = await desk.call('POST', '/support_chat/messages', token, { content })
    expect(status).toBe(201)
  }
  // By hand, so that a test decides what happens before it returns
  const client = await IoClient.open(`http://127.0.0.1:${line.port}`, token, {
    reconnection: false,
    transports: ['websocket'],
  })
  ends.push(() => client.close())
  return { desk, io, client, line, token, chatId, say, connected: () => desk.deskbell.load().connections['socket.io'] }
}

/** Sends `dead` into a line that swallows them, breaks it, and sends `away` before the client is back */
async function breakLine({ client, line, say, connected }: Scene, dead: string[], away: string[]): Promise<void> {
  line.blackhole(true)
  for (const content of dead) await say(content)
  line.cut()
  await until(() => connected() === 0 && !client.socket.connected)
  line.blackhole(false)
  for (const content of away) await say(content)
}

async function back({ client }: Scene): Promise<void> {
  client.socket.connect()
  await until(() => client.socket.connected)
}

describe.each([true, false])('a recovered socket, with skipMiddlewares: %s', (skipMiddlewares) => {
  it('misses and doubles nothing, as often as its line breaks, and whether or not its page subscribes again', async () => {
    const scene = await meet(skipMiddlewares)
    const { client, say } = scene
    await client.ask('subscribe', { after: 0 })
    await say('m1')
    await until(() => client.seqs.length === 1)
    for (let n = 2; n < 14; n += 4) {
      await breakLine(scene, [`m${n}`, `m${n + 1}`], [`m${n + 2}`])
      await back(scene)
      expect(client.socket.recovered).toBe(true)
      if (n === 6) await client.ask('subscribe', { after: client.seqs.at(-1) })
      await say(`m${n + 3}`)
      await until(() => client.seqs.at(-1) === n + 3)
      expect(client.texts).toEqual(Array.from({ length: n + 3 }, (_, i) => `m${i + 1}`))
    }
    // What a page asks for besides, it gets, though it had it
    await client.ask('subscribe', { after: 11 })
    await client.ask('subscribe', { after: 12 })
    await until(() => client.seqs.length === 14)
    expect(client.seqs.slice(12)).toEqual([13, 13])
  })

  it('of staff follows all its chats on, and is told to load the list again', async () => {
    const scene = await meet(skipMiddlewares)
    const { client, desk } = scene
    client.socket.auth = { token: await desk.admin() }
    client.socket.disconnect().connect()
    await until(() => client.socket.connected)
    const [bob, cid] = [await desk.person('bob'), await desk.person('cid')]
    const say = async (token: string, content: string): Promise<void> =>
      void (await desk.call('POST', '/support_chat/messages', token, { content }))
    for (const { chatId } of [bob, cid]) await client.ask('subscribe', { chat_id: chatId, after: 0 })
    await client.ask('subscribe', { stream: 'admin' })
    await say(bob.token, 'b1')
    await until(() => client.texts.length === 1 && client.of('new_user_message').length === 1)
    await client.ask('unsubscribe', { chat_id: cid.chatId })
    await client.ask('subscribe', { chat_id: cid.chatId, after: 0 })
    await breakLine(scene, [], [])
    await say(bob.token, 'b2')
    await say(cid.token, 'c1')
    await back(scene)
    await until(() => client.texts.length === 3)
    expect(client.texts.toSorted()).toEqual(['b1', 'b2', 'c1'])
    expect(client.of('unsubscribed')).toMatchObject([{ stream: 'admin', code: 'unavailable' }])
  })

  it('gets nothing more once it was revoked, or is somebody else', async () => {
    const scene = await meet(skipMiddlewares)
    const { client, desk, io, chatId, say, connected } = scene
    await client.ask('subscribe', { after: 0 })
    await say('m1')
    await until(() => client.seqs.length === 1)

    client.socket.auth = { token: await desk.user('bob') }
    await breakLine(scene, [], ['m2'])
    await back(scene)
    expect(client.socket.recovered).toBe(true)
    await say('m3')
    // Bob's own chat is empty
    await client.ask('subscribe', { after: 0 })
    // Nor is Bob in the room any more
    io.of('/support').to(`support-chat-${chatId}`).emit('order_shipped')
    await client.ask('mark_read')
    for (const event of ['order_shipped', 'unsubscribed']) expect(client.of(event)).toEqual([])
    expect(client.texts).toEqual(['m1'])
    await breakLine(scene, [], [])

    client.socket.auth = { token: scene.token }
    await desk.deskbell.revoke({ id: 'ada', role: 'user' })
    client.socket.connect()
    await until(() => client.refusals.length > 0 || client.of('closing').length > 0)
    await until(() => !client.socket.connected)
    if (skipMiddlewares) expect(client.of('closing')).toMatchObject([{ reason: 'unauthorized', reconnect: false }])
    else expect(client.refusals).toMatchObject([{ code: 'token_revoked' }])
    expect([connected(), client.texts]).toEqual([0, ['m1']])
  })
})
