// What an observer is told of the hints between nodes.
import { afterEach, expect, it } from 'vitest'
import { MemoryExchange } from '../../src/buses/memory.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'

let desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.toReversed()) await desk.stop()
  desks = []
})

it('the observer counts what goes out, and what comes from others', async () => {
  const exchange = new MemoryExchange()
  const start = async (shared?: string) => {
    const told = { sent: 0, received: 0 }
    const observer = { hint: (direction: 'sent' | 'received') => void told[direction]++ }
    desks.push(await startDesk({ bus: exchange.bus(), observer }, shared))
    return told
  }
  const here = await start()
  const there = await start(desks[0]?.file)
  const [desk] = desks
  const { token } = (await desk?.person('ada')) ?? { token: '' }
  await desk?.call('POST', '/support_chat/messages', token, { content: 'Hello' })
  await until(() => there.received > 0)
  expect(here.sent).toBeGreaterThan(0)
  // Its own come back to it as well, and are no news
  expect([here.received, there.sent]).toEqual([0, 0])
  expect(there.received).toBe(here.sent)
})
