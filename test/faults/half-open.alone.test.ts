// A line that died without saying so: the client finds out within ten seconds, the server within sixty.
import { afterEach, expect, it } from 'vitest'
import { Cable } from '../../src/client/connection/cable.ts'
import { createSession } from '../../src/client/connection/session.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { FaultProxy } from '../../src/testing/fault-proxy.ts'
import { loopTime } from '../../src/testing/loop-time.ts'
import { startDesk, until } from '../support/desk.ts'
import { EXT, TestSocket, V1 } from '../support/socket.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

it('a line that died without saying so is found by the client within 10 s', async () => {
  const desk = await startDesk()
  cleanUps.push(() => desk.stop())
  const token = await desk.user('ada')
  const session = createSession({ get: async () => token, refresh: async () => null })
  const find = async (way: 'both' | 'down'): Promise<void> => {
    const proxy = await FaultProxy.start(desk.port)
    cleanUps.push(() => proxy.close())
    const cable = new Cable({ url: `ws://127.0.0.1:${proxy.port}/cable`, session })
    cleanUps.push(() => cable.close())
    cable.open()
    await until(() => cable.status === 'connected')
    proxy.blackhole(true, way)
    const start = loopTime()
    await until(() => cable.status !== 'connected')
    expect(loopTime() - start).toBeLessThan(11_000)
    proxy.blackhole(false)
    await until(() => cable.status === 'connected')
  }
  await Promise.all([find('both'), find('down')])
})

it.each([V1, EXT])('a line that died without saying so is found by the server within 60 s (%s)', async (protocol) => {
  const clock = new FakeClock()
  const desk = await startDesk({ clock })
  cleanUps.push(async () => {
    const stopped = desk.stop()
    // Its goodbyes are spread over time
    const ticking = setInterval(() => void clock.advance(100), 50)
    await stopped
    clearInterval(ticking)
  })
  const proxy = await FaultProxy.start(desk.port)
  cleanUps.push(() => proxy.close())
  const { token, chatId } = await desk.person('ada')
  const socket = await TestSocket.open(`ws://127.0.0.1:${proxy.port}/cable?jid=${token}`, [protocol])
  cleanUps.push(() => socket.close())
  await socket.subscribe(JSON.stringify({ channel: 'ChatChannel', chat_id: chatId }))
  const staff = await TestSocket.open(`${desk.wsUrl}/cable?jid=${await desk.admin()}`, [protocol])
  cleanUps.push(() => staff.close())
  await staff.subscribe(JSON.stringify({ channel: 'ChatChannel', chat_id: chatId }))
  expect(staff.events('presence').at(-1)).toMatchObject({ user_online: true })
  proxy.blackhole(true)
  for (let second = 0; second < 60; second++) await clock.advance(1_000)
  // Those who are alive are told, and stay
  await until(() => staff.events('presence').at(-1)?.['user_online'] === false)
  expect(staff.closed).toBeUndefined()
})
