import { describe, expect, it } from 'vitest'
import { at, type Kit } from './kit.ts'

/** Ids in the order of their characters, which differs from that of words */
const visitor = (name: string): string => `visitor:${name.padEnd(43, '-')}`

export function visitorsConformance(name: string, kit: Kit): void {
  const { chat, message, reply, append } = kit

  describe(`${name}: idle visitors`, () => {
    it('are those who neither came nor got a message for long, a bounded part at a time, and never others', async () => {
      const { store } = kit
      const old = at(-1000)
      await store.savePeople(
        ['a', 'B', '_', '0', 'left'].map((of) => ({ id: visitor(of), email: '', name: null })),
        old,
      )
      for (const id of ['visitor', 'visito', 'visitorx', 'zed', 'ada'])
        await store.savePeople([{ id, email: '', name: null }], old)
      // Their chats are as new as their last message, whoever wrote it
      for (const [of, said] of [
        ['a', at(-900)],
        ['B', at(10)],
        ['_', at(-900)],
      ] as const) {
        const opened = await store.openChat(visitor(of), crypto.randomUUID(), old)
        await append(
          message(opened.id, { sender_id: visitor(of), created_at: old }),
          reply(opened.id, 0, { created_at: said }),
        )
      }
      await chat(visitor('here'))
      const look = (after: string, limit: number) => store.idleVisitors({ after, limit, before: at(-500) })
      expect(await look('', 3)).toEqual({ ids: ['0', '_'].map(visitor), last: visitor('_') })
      expect(await look(visitor('_'), 3)).toEqual({ ids: ['a', 'left'].map(visitor), last: visitor('left') })
      expect(await look(visitor('left'), 3)).toEqual({ ids: [], last: null })
    })
  })
}
