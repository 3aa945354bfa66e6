// Who of staff looks at a chat and writes in it: over sockets, event streams and requests, on one node and on two.
import { afterEach, expect, it } from 'vitest'
import type { Looking } from '../../src/protocol/events.ts'
import { LossyBus } from '../../src/testing/lossy-bus.ts'
import { TestStream } from '../support/event-stream.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { chatId, EXT, TestSocket } from '../support/socket.ts'
import { stillClock } from '../support/still-clock.ts'

let desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.toReversed()) await desk.stop()
  desks = []
})
async function start(options: Parameters<typeof startDesk>[0] = {}, shared?: string): Promise<Desk> {
  // Nobody here repeats what they look at, and it would run out
  const desk = await startDesk({ clock: stillClock(), ...options }, shared)
  desks.push(desk)
  return desk
}

const channel = (id: string): string => JSON.stringify({ channel: 'ChatActivityChannel', chat_id: id })
async function follow(desk: Desk, token: string, id: string): Promise<TestSocket> {
  const socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [EXT])
  await socket.subscribe(channel(id))
  return socket
}
const look = (socket: TestSocket, id: string, writing?: unknown): void =>
  socket.send({ command: 'message', identifier: channel(id), data: JSON.stringify({ action: 'look', writing }) })
/** As this screen shows it now */
const shown = (socket: TestSocket): string =>
  ((socket.events('looking').at(-1)?.staff ?? []) as Looking[])
    .map(({ id, writing }) => (writing === null ? id : `${id} ${writing}`))
    .sort()
    .join()

it('is told to all staff in the chat as it changes, to who comes later, and to nobody else', async () => {
  const desk = await start()
  const { token, chatId: id } = await desk.person('ada')
  const [sam, anna] = [await desk.admin('sam'), await desk.admin('anna')]
  const [one, two] = [await follow(desk, sam, id), await follow(desk, anna, id)]
  const user = await TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [EXT])
  await user.subscribe(chatId(id))
  look(one, id)
  await until(() => shown(two) === 'sam')
  look(two, id, 'reply')
  await until(() => shown(one) === 'anna reply,sam')
  // A repetition costs no frame
  const frames = one.texts.length
  look(two, id, 'reply')
  await two.fence()
  look(two, id, 'nonsense')
  await Promise.all([one.fence(), two.fence()])
  expect(one.texts.slice(frames).filter((text) => text.includes('looking'))).toEqual([])
  const three = await follow(desk, await desk.admin('zoe'), id)
  await until(() => shown(three) === 'anna reply,sam')
  const stream = await TestStream.open(`${desk.url}/admin/chats/${id}/activity/events`, sam)
  await until(() => stream.events.some(({ event }) => event === 'looking'))
  stream.close()
  // By a request, which no user may make
  expect((await desk.call('POST', `/admin/chats/${id}/look`, await desk.admin('kim'), {})).status).toBe(204)
  await until(() => shown(three) === 'anna reply,kim,sam')
  expect((await desk.call('POST', `/admin/chats/${id}/look`, token, {})).status).toBe(403)
  expect((await desk.call('POST', `/admin/chats/${id}/look`, sam, { writing: 'poem' })).status).toBe(400)
  two.close()
  await until(() => shown(three) === 'kim,sam')
  await user.fence()
  expect(user.texts.join()).not.toMatch(/look|anna|kim/)
  for (const socket of [one, three, user]) socket.close()
})

it('goes to other nodes, which ask each other about a chat that somebody opens, and learn who leaves', async () => {
  const bus = new LossyBus()
  const here = await start({ bus: bus.node() })
  const there = await start({ bus: bus.node() }, here.file)
  const { chatId: id } = await here.person('ada')
  const one = await follow(here, await here.admin('sam'), id)
  look(one, id, 'note')
  await until(() => shown(one) === 'sam note')
  // It comes too late to have heard it
  const two = await follow(there, await here.admin('anna'), id)
  look(two, id)
  await until(() => shown(two) === 'anna,sam note' && shown(one) === 'anna,sam note')
  one.close()
  await until(() => shown(two) === 'anna')
  two.close()
})
