// A host's Socket.IO server whose adapter asks a server that is away: it rejects what changes the rooms of a socket.
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'
import { Server, type ServerOptions } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { admitListeners } from '../../src/entries/socket.io.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { IoClient, serveSocketIo } from '../support/socket-io.ts'

type AdapterClass = Extract<ServerOptions['adapter'], new (namespace: never) => unknown>
const InMemory = new Server().adapter() as AdapterClass
let fails: 'joins' | 'leaves' | 'both' | 'nothing'
beforeEach(() => (fails = 'nothing'))

class RemoteAdapter extends InMemory {
  override async addAll(id: string, rooms: Set<string>): Promise<void> {
    // Each socket is in a room of its own, which Socket.IO itself joins
    if ((fails === 'joins' || fails === 'both') && !rooms.has(id)) throw new Error('Redis is away')
    await super.addAll(id, rooms)
  }

  override async del(id: string, room: string): Promise<void> {
    if (fails === 'leaves' || fails === 'both') throw new Error('Redis is away')
    await super.del(id, room)
  }
}

describe('the chat in a namespace', () => {
  let desk: Desk
  let io: Server
  let client: IoClient
  beforeEach(async () => {
    desk = await startDesk({ rateLimit: null })
    io = serveSocketIo(desk, { adapter: RemoteAdapter })
  })
  afterEach(async () => {
    client.close()
    await io.close()
    await desk.stop()
  })

  it('goes on, and the host is told, for each room that could not be entered or left', async () => {
    fails = 'both'
    const { token, chatId } = await desk.person('ada')
    client = await IoClient.open(desk.url, token)
    expect(await client.ask('subscribe')).toMatchObject({ ok: true, chat_id: chatId })
    await desk.call('POST', `/admin/chats/${chatId}/messages`, await desk.admin(), { content: 'hello' })
    await until(() => client.texts.includes('hello'))
    expect(desk.errors.map(String)).toEqual(['Error: Redis is away'])
    expect(await client.ask('unsubscribe')).toEqual({ ok: true })
    await until(() => desk.errors.length === 2)
  })
})

describe('listeners of a server elsewhere', () => {
  const secret = 'only-the-two-servers-know-this-secret'
  const room = 'support-staff'
  let http: HttpServer
  let io: Server
  let socket: Socket
  beforeEach(async () => {
    http = createServer()
    io = new Server(http, { adapter: RemoteAdapter })
    admitListeners(io.of('/desk'), { secret })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    socket = connect(`http://127.0.0.1:${(http.address() as AddressInfo).port}/desk`, { forceNew: true })
    await new Promise<void>((resolve) => socket.on('connect', resolve))
  })
  afterEach(async () => {
    socket.close()
    await io.close()
  })
  const listen = async (): Promise<unknown> => {
    const token = await new SignJWT({ support_room: room })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience('deskbell:rooms')
      .setExpirationTime('60s')
      .sign(new TextEncoder().encode(secret))
    return socket.timeout(10_000).emitWithAck('listen', { room, token })
  }

  it('are told that they could not enter, and may try again', async () => {
    fails = 'joins'
    expect(await listen()).toEqual({ ok: false })
    fails = 'nothing'
    expect(await listen()).toEqual({ ok: true })
  })

  it('are let go where they could not leave a room, which they must not hear any longer', async () => {
    expect(await listen()).toEqual({ ok: true })
    fails = 'leaves'
    const ended = new Promise((resolve) => socket.on('disconnect', resolve))
    socket.emit('unlisten', { room })
    await ended
  })
})
