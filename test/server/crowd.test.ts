// One person with many connections, who must cost the others nothing.
import { afterEach, expect, it } from 'vitest'
import { openConnections, startDesk, until, type Desk } from '../support/desk.ts'
import { TestStream } from '../support/event-stream.ts'
import { chatId, refusal, TestSocket, V1 } from '../support/socket.ts'

let desk: Desk
afterEach(async () => {
  expect(desk.errors).toEqual([])
  await desk.stop()
})

it('a person is told of once, however many connections they open, and each of these knows who is there', async () => {
  desk = await startDesk()
  const { token, chatId: chat } = await desk.person('ada')
  const staff = await TestSocket.open(`${desk.wsUrl}/cable?jid=${await desk.admin()}`, [V1])
  await staff.subscribe(chatId(chat))
  const crowd: TestSocket[] = []
  for (let i = 0; i < 10; i++) {
    const some = Array.from({ length: 20 }, () => TestSocket.open(`${desk.wsUrl}/ws/chat?jid=${token}`))
    crowd.push(...(await Promise.all(some)))
  }
  await until(() => crowd.every((socket) => socket.frames.length > 0))
  const here = { type: 'presence', user_online: true, admins_online: 1 }
  for (const socket of crowd) expect(socket.frames).toEqual([here])
  expect(staff.events('presence')).toEqual([here])

  const before = await openConnections(desk)
  for (const socket of crowd.slice(1)) socket.close()
  await until(async () => (await openConnections(desk)) <= before - (crowd.length - 1))
  await staff.fence()
  expect(staff.events('presence')).toEqual([here])
  crowd[0]?.close()
  await until(() => staff.events('presence').length > 1)
  expect(staff.events('presence')).toEqual([here, { ...here, user_online: false }])
  staff.close()
})

it('a person may have so many connections, by whatever way, and no more', async () => {
  desk = await startDesk({ personConnections: 3 })
  const { token } = await desk.person('ada')
  const sockets = [
    await TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [V1]),
    await TestSocket.open(`${desk.wsUrl}/ws/chat?jid=${token}`),
  ]
  const stream = await TestStream.open(`${desk.url}/support_chat/events`, token)
  for (const path of ['/cable', '/ws/chat']) {
    const { status, body } = await refusal(`${desk.wsUrl}${path}?jid=${token}`)
    expect([status, JSON.parse(body)]).toMatchObject([429, { code: 'rate_limited' }])
  }
  expect((await desk.call('GET', '/support_chat/events', token)).status).toBe(429)
  const other = await TestSocket.open(`${desk.wsUrl}/ws/chat?jid=${await desk.user('bob')}`)
  const before = await openConnections(desk)
  stream.close()
  await until(async () => (await openConnections(desk)) < before)
  sockets.push(await TestSocket.open(`${desk.wsUrl}/ws/chat?jid=${token}`), other)
  for (const socket of sockets) socket.close()
})
