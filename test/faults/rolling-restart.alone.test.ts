// A new version goes out: three nodes are restarted one after the other while people chat on all of them. Nothing is lost, doubled
// or reordered, and nobody has to do anything.
import './model/brisk.ts'
import { expect, it } from 'vitest'
import { until } from '../support/desk.ts'
import { adminToken, userToken } from '../support/server-process.ts'
import { Device, memoryStorage } from './model/device.ts'
import { install } from './model/installation.ts'

const PEOPLE = 9
/** Milliseconds of the fast clock between two messages of one person, and for everybody to have come back */
const PACE = 400
const SOON = 100_000

it('a restart of one node after the other loses nothing under load', async ({ skip }) => {
  const installation = await install({ engine: 'postgres', bus: 'redis', nodes: 3 })
  if (!installation) return skip('a part of it is not on this machine')
  const { nodes, truth } = installation
  const port = (n: number): number => nodes[n % nodes.length]?.port ?? 0
  const pairs = await Promise.all(
    Array.from({ length: PEOPLE }, async (_, n) => {
      const token = await userToken(`roll${n}`)
      const response = await fetch(`http://127.0.0.1:${port(n)}/support_chat`, {
        headers: { authorization: `Bearer ${token}` },
      })
      const { id: chatId } = (await response.json()) as { id: string }
      const common = { chatId, random: () => 1 }
      const open = (role: 'user' | 'admin', at: number, by: string): Promise<Device> =>
        Device.start({ name: `${role}${n}`, role, token: by, port: port(at), storage: memoryStorage(), ...common })
      // The two sides of a chat are on different nodes
      return { chatId, sides: [await open('user', n, token), await open('admin', n + 1, await adminToken())] }
    }),
  )
  const sides = pairs.flatMap((pair) => pair.sides)
  try {
    await until(() => sides.every((side) => side.conversation?.state.status === 'ready'), SOON)
    let writing = true
    const writers = sides.map(async (side) => {
      for (let i = 0; writing; i++) {
        side.send(`${side.name} says ${i}`)
        await new Promise((resolve) => setTimeout(resolve, PACE))
      }
    })
    for (const node of nodes) {
      expect(await node.stop()).toBe(0)
      await node.start()
    }
    writing = false
    await Promise.all(writers)
    await until(() => sides.every((side) => side.conversation?.state.pending.length === 0), SOON)
    for (const { chatId, sides: both } of pairs) {
      const log = (await truth.messages(chatId)).map((message) => message.content)
      for (const side of both) {
        expect(log.filter((text) => side.sent.includes(text))).toEqual(side.sent)
        await until(() => side.conversation?.state.messages.length === log.length, SOON)
        expect(side.conversation?.state.messages.map((message) => message.content)).toEqual(log)
        expect(side.violations).toEqual([])
      }
      expect(log).toHaveLength(both.reduce((n, side) => n + side.sent.length, 0))
    }
    expect(sides.reduce((n, side) => n + side.sent.length, 0)).toBeGreaterThan(PEOPLE * 10)
  } finally {
    await Promise.all(sides.map((side) => side.stop()))
    await installation.stop()
  }
})
