import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
import type { Store } from '../../server/ports/store/store.ts'
import { message, newChat, newPrefix, type AwayKit } from './kit.ts'

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export async function untilAnswers(store: Store): Promise<void> {
  for (;;) {
    try {
      await store.ping()
      return
    } catch (error) {
      expect(error).toBeInstanceOf(StoreUnavailable)
      await pause(100)
    }
  }
}

export function awayConformance(name: string, kit: AwayKit): void {
  goneConformance(name, kit)
  lockedConformance(name, kit)
}

/** What every Store over a server of its own must do while that is gone */
export function goneConformance(name: string, kit: Pick<AwayKit, 'openUrl' | 'startServer'>): void {
  describe(`${name}: a database that is away`, () => {
    it(
      'is unavailable while it is gone, loses nothing that was acknowledged, and is there again when it returns',
      { timeout: 300_000 },
      async () => {
        const server = await kit.startServer()
        try {
          const store = await kit.openUrl(server.url)
          const chats = await Promise.all(['a', 'b', 'c'].map((user) => newChat(store, user)))
          const acked = new Set<string>()
          const refusals: unknown[] = []
          let isOver = false
          const writers = Array.from({ length: 6 }, async (_, writer) => {
            for (let i = 0; !isOver; i++) {
              const one = message(chats[(writer + i) % 3] ?? '', { sender_id: `w${writer}`, client_id: `${i}` })
              try {
                await store.appendMessages([one])
                acked.add(one.id)
              } catch (error) {
                refusals.push(error)
                await pause(20)
              }
            }
          })
          const moreAcked = async (n: number): Promise<void> => {
            const enough = acked.size + n
            while (acked.size < enough) await pause(5)
          }
          for (const signal of [undefined, 'SIGKILL'] as const) {
            await moreAcked(30)
            await server.halt(signal)
            await expect(store.ping()).rejects.toBeInstanceOf(StoreUnavailable)
            await expect(store.findPerson('a')).rejects.toBeInstanceOf(StoreUnavailable)
            await expect(store.appendMessages([message(chats[0] ?? '')])).rejects.toBeInstanceOf(StoreUnavailable)
            await server.start()
            await untilAnswers(store)
          }
          await moreAcked(30)
          isOver = true
          await Promise.all(writers)
          expect(refusals.filter((error) => !(error instanceof StoreUnavailable))).toEqual([])
          expect(refusals.length).toBeGreaterThan(0)
          const stored = await Promise.all(
            chats.map(async (id) => (await store.messages(id, { after: 0, limit: 100_000 })).messages),
          )
          for (const messages of stored) expect(messages.map((m) => m.seq)).toEqual(messages.map((_, i) => i + 1))
          const kept = new Set(stored.flat().map((m) => m.id))
          expect([...acked].filter((id) => !kept.has(id))).toEqual([])
          await store.close()
        } finally {
          await server.remove()
        }
      },
    )

    it('is told when it is not there at the start', async () => {
      const server = await kit.startServer()
      await server.halt()
      try {
        await expect(kit.openUrl(server.url)).rejects.toBeInstanceOf(StoreUnavailable)
      } finally {
        await server.remove()
      }
    })
  })
}

function lockedConformance(name: string, kit: Pick<AwayKit, 'open' | 'holdChat'>): void {
  describe(`${name}: a chat that is locked`, () => {
    it('refuses only the write that waits too long for a lock', async () => {
      const prefix = newPrefix()
      const store = await kit.open(prefix)
      const [locked, free] = [await newChat(store, 'a'), await newChat(store, 'b')]
      const letGo = await kit.holdChat(prefix, locked)
      const waiting = store.appendMessages([message(locked)]).then(
        () => expect.fail('It was locked'),
        (error: unknown) => error,
      )
      expect(await store.appendMessages([message(free)])).toMatchObject([{ kind: 'stored' }])
      expect(await waiting).toBeInstanceOf(StoreUnavailable)
      await letGo()
      expect(await store.appendMessages([message(locked)])).toMatchObject([{ kind: 'stored', message: { seq: 1 } }])
      await store.close()
    })
  })
}
