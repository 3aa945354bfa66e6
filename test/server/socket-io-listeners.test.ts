// Who may listen at a Socket.IO server elsewhere, and for how long, with Socket.IO's own client.
import { SignJWT } from 'jose'
import { io as connect, type Socket } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { socketIoPublisher } from '../../src/entries/node.ts'
import { admitListeners } from '../../src/entries/socket.io.ts'
import type { ListenerToken, SocketIoListening } from '../../src/protocol/listening.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import type { TestService } from '../support/realtime-services/service.ts'
import { emitterAt, LISTENERS_SECRET, startSocketIo } from '../support/realtime-services/socket-io.ts'

let service: TestService
let desk: Desk
let ada: { token: string; chatId: string }
let bob: { token: string; chatId: string }
const sockets: Socket[] = []
beforeAll(async () => {
  service = await startSocketIo()
  const listeners = { url: `${service.origin}/desk`, secret: LISTENERS_SECRET }
  desk = await startDesk({ rateLimit: null, publisher: socketIoPublisher(emitterAt(service), listeners) })
  ada = await desk.person('ada')
  bob = await desk.person('bob')
})
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close()
})
afterAll(async () => {
  await desk.stop()
  await service.stop()
})

const roomOf = ({ chatId }: { chatId: string }): string => `support-chat-${chatId}`
async function visit(): Promise<Socket> {
  const socket = connect(`${service.origin}/desk`, { forceNew: true, transports: ['websocket'], reconnection: false })
  sockets.push(socket)
  await new Promise<void>((resolve) => socket.on('connect', resolve))
  return socket
}
async function tokenOf(person: string): Promise<string> {
  return (await desk.call<ListenerToken>('POST', '/realtime/auth', person, {})).body.token
}
const enter = async (socket: Socket, wish: unknown): Promise<boolean> =>
  ((await socket.emitWithAck('listen', wish)) as { ok: boolean }).ok
const forged = (claims: object, { secret = LISTENERS_SECRET, audience = 'deskbell:rooms', end = '60s' } = {}) =>
  new SignJWT({ support_room: roomOf(ada), ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(audience)
    .setExpirationTime(end)
    .sign(new TextEncoder().encode(secret))

it('a user hears their own chat, and staff all of them', async () => {
  const { body } = await desk.call<{ realtime: SocketIoListening }>('GET', '/support_chat', ada.token)
  expect(body.realtime).toEqual({
    service: 'socket.io',
    url: `${service.origin}/desk`,
    room: roomOf(ada),
    event: 'new-message',
  })
  const [user, staff] = [await visit(), await visit()]
  const heard: unknown[] = []
  for (const socket of [user, staff]) socket.on('new-message', (hint) => heard.push(hint))
  expect(await enter(user, { room: roomOf(ada), token: await tokenOf(ada.token) })).toBe(true)
  const all = await tokenOf(await desk.admin())
  for (const room of ['support-staff', roomOf(ada), roomOf(bob)])
    expect(await enter(staff, { room, token: all })).toBe(true)
  await desk.call('POST', '/support_chat/messages', ada.token, { content: 'hello' })
  await until(() => heard.length === 2)
  expect(heard).toEqual(Array(2).fill({ chat_id: ada.chatId, seq: 1 }))
  user.emit('unlisten', { room: roomOf(ada) })
  // An answer comes after what was sent before
  await enter(user, {})
  await desk.call('POST', '/support_chat/messages', ada.token, { content: 'again' })
  await until(() => heard.length > 2)
  await enter(user, {})
  expect(heard).toHaveLength(3)
})

it('nobody else gets in: not with the token of another, nor a forged, expired or foreign one, nor elsewhere', async () => {
  const socket = await visit()
  const own = await tokenOf(ada.token)
  const room = roomOf(ada)
  const wishes = [
    { room, token: await tokenOf(bob.token) },
    { room: 'support-staff', token: own },
    { room: 'orders', token: await tokenOf(await desk.admin()) },
    { room: 'support-chat-', token: await tokenOf(await desk.admin()) },
    { room, token: `${own.slice(0, -4)}AAAA` },
    { room, token: await forged({}, { secret: 'a-secret-of-somebody-else-of-32-characters' }) },
    { room, token: await forged({}, { audience: 'deskbell' }) },
    { room, token: await forged({}, { end: '-1s' }) },
    { room, token: ada.token },
    { room },
    { token: own },
    { room: [room], token: own },
    {},
    null,
    'x',
    7,
  ]
  expect(await Promise.all(wishes.map((wish) => enter(socket, wish)))).toEqual(wishes.map(() => false))
  // Without a function to answer to
  socket.emit('listen')
  socket.emit('unlisten', { room })
  expect(await enter(socket, { room, token: own })).toBe(true)
})

it('who is in a room leaves it when the token ends, unless there is another one', async () => {
  const [socket, renewed] = [await visit(), await visit()]
  const left: unknown[] = []
  for (const one of [socket, renewed])
    one.on('unlisten', (what: { room: string }) => left.push(one === socket ? what.room : 'renewed'))
  const room = roomOf(ada)
  // Again where the machine was slower than the token
  for (const one of [renewed, socket])
    await until(async () => enter(one, { room, token: await forged({}, { end: '2s' }) }))
  expect(await enter(renewed, { room, token: await forged({}) })).toBe(true)
  const early = left.filter((who) => who === 'renewed')
  await until(() => left.includes(room))
  expect(left.at(-1)).toBe(room)
  await enter(renewed, {})
  expect(left.filter((who) => who === 'renewed')).toEqual(early)
})

it('ten thousand wishes end the socket, and cost nobody else anything', async () => {
  const [hasty, other] = [await visit(), await visit()]
  const ended = new Promise((resolve) => hasty.on('disconnect', resolve))
  const token = await tokenOf(ada.token)
  for (let n = 0; n < 10_000; n++) hasty.emit('listen', { room: `support-chat-${n}`, token })
  await ended
  expect(await enter(other, { room: roomOf(ada), token })).toBe(true)
})

it('a secret that is too short, and an address without TLS, are refused at the start', () => {
  const emitter = emitterAt(service)
  expect(() => socketIoPublisher(emitter, { url: 'https://io.example.com/desk', secret: 'short' })).toThrow('32')
  const secret = LISTENERS_SECRET
  expect(() => socketIoPublisher(emitter, { url: 'http://io.example.com/desk', secret })).toThrow('https://')
  expect(() => admitListeners({} as never, { secret: 'short' })).toThrow('32')
})
