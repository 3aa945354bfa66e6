import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
import type { Store } from '../../server/ports/store/store.ts'
import { at, message, newChat, newId, newPrefix, type DatabaseKit } from './kit.ts'

const NODES = 3
const CHATS = 4

/** How much is written at once: as much as the engine does within a minute on a busy machine */
interface Load {
  /** Of each node */
  writers: number
  batches: number
}

/** As senders do it: a busy database may not answer in time */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
  }
}

export function concurrentConformance(
  name: string,
  kit: Pick<DatabaseKit, 'open'>,
  { writers, batches }: Load = { writers: 8, batches: 8 },
): void {
  async function withNodes(work: (nodes: Store[]) => Promise<void>): Promise<void> {
    const prefix = newPrefix()
    const nodes = await Promise.all(Array.from({ length: NODES }, () => kit.open(prefix)))
    try {
      await work(nodes)
    } finally {
      await Promise.all(nodes.map((node) => node.close()))
    }
  }
  const one = (nodes: Store[], n: number): Store => nodes[n % nodes.length] ?? expect.fail()

  describe(`${name}: several nodes`, () => {
    it(`count seq 1..n while ${NODES} × ${writers} writers append to the same chats`, () =>
      withNodes(async (nodes) => {
        const chats = await Promise.all(Array.from({ length: CHATS }, (_, n) => newChat(one(nodes, n), `u${n}`)))
        const acked = new Map(chats.map((id) => [id, new Map<number, string>()]))
        await Promise.all(
          Array.from({ length: NODES * writers }, async (_, writer) => {
            for (let i = 0; i < batches; i++) {
              // Each batch has several chats, in any order
              const batch = chats
                .filter((_chat, n) => (writer + i + n) % 3 !== 0)
                .sort(() => Math.random() - 0.5)
                .map((id) =>
                  message(id, {
                    sender_id: `w${writer}`,
                    client_id: `${i}`,
                    notify_at: at(300),
                    sender_type: writer % 2 ? 'admin' : 'user',
                  }),
                )
              const outcomes = await insist(() => one(nodes, writer).appendMessages(batch))
              outcomes.forEach((outcome, n) => {
                if (!('message' in outcome)) return expect.fail(`${outcome.kind} for a new message`)
                const { seq, id } = outcome.message
                const taken = acked.get(batch[n]?.chat_id ?? '')
                expect(taken?.has(seq)).toBe(false)
                taken?.set(seq, id)
              })
            }
          }),
        )
        for (const [id, taken] of acked) {
          const { messages } = await one(nodes, 0).messages(id, { after: 0, limit: 10_000 })
          expect(messages.map((m) => m.seq)).toEqual(messages.map((_, i) => i + 1))
          expect(messages.map((m) => m.id)).toEqual(messages.map((m) => taken.get(m.seq)))
          expect((await one(nodes, 1).findChat(id))?.last_seq).toBe(messages.length)
          const times = messages.map((m) => m.created_at)
          expect(new Set(times).size).toBe(times.length)
          expect(times).toEqual([...times].sort())
        }
      }))

    it('store one message for fifty identical sends', () =>
      withNodes(async (nodes) => {
        const id = await newChat(one(nodes, 0), 'u')
        const outcomes = await Promise.all(
          Array.from({ length: 50 }, (_, n) =>
            insist(() => one(nodes, n).appendMessages([message(id, { client_id: 'c' })])),
          ),
        )
        const { messages } = await one(nodes, 0).messages(id, { after: 0, limit: 50 })
        expect(messages).toHaveLength(1)
        expect(outcomes.flat().map((o) => 'message' in o && o.message.id)).toEqual(Array(50).fill(messages[0]?.id))
        expect(outcomes.flat().filter((o) => o.kind === 'stored').length).toBeLessThanOrEqual(1)
      }))

    it('create one chat for two hundred simultaneous first visits of a user', () =>
      withNodes(async (nodes) => {
        const opened = await Promise.all(
          Array.from({ length: 200 }, async (_, n) => {
            const node = one(nodes, n)
            await insist(() => node.savePeople([{ id: 'ada', email: 'ada@example.com', name: null }], at(n)))
            return (await insist(() => node.openChat('ada', newId(), at(n)))).id
          }),
        )
        expect(new Set(opened).size).toBe(1)
      }))

    it('let each notification be claimed once and handed over once', () =>
      withNodes(async (nodes) => {
        for (let n = 0; n < 30; n++) {
          const id = await newChat(one(nodes, n), `u${n}`)
          await one(nodes, n).appendMessages([message(id, { sender_type: 'admin', notify_at: at(300) })])
        }
        const claims = (
          await Promise.all(
            Array.from({ length: 6 }, (_, n) =>
              one(nodes, n).claimNotifications({
                kind: 'reply',
                at: at(400),
                delay: 300_000,
                lease: 60_000,
                limit: 20,
              }),
            ),
          )
        ).flatMap(({ due }) => due)
        expect(new Set(claims.map((c) => c.id)).size).toBe(claims.length)
        expect(claims.length).toBe(30)
        for (const claim of claims.slice(0, 5)) {
          const handed = await Promise.all(nodes.map((node) => node.handOverNotification(claim, at(401), 60_000)))
          expect(handed.filter(Boolean)).toHaveLength(1)
        }
      }))

    it('let through what allowances allow, no more and no less', () =>
      withNodes(async (nodes) => {
        const start = Date.parse(at(0))
        const MOST = 20
        const groups = [['a', 'b'], ['a', 'c'], ['b', 'c'], ['b']]
        /** @returns whether there was room for one more in all of them */
        async function take(node: Store, ids: string[]): Promise<boolean> {
          let isLet = false
          await node.changeAllowances(ids, (used) => {
            const next = used.map((until) => Math.max(until, start) + 1_000)
            isLet = next.every((until) => until <= start + MOST * 1_000)
            return isLet ? next : null
          })
          return isLet
        }
        const let_ = new Map([
          ['a', 0],
          ['b', 0],
          ['c', 0],
        ])
        await Promise.all(
          Array.from({ length: 72 }, async (_, n) => {
            const ids = groups[n % groups.length] ?? []
            if (!(await insist(() => take(one(nodes, Math.floor(n / groups.length)), ids)))) return
            for (const id of ids) let_.set(id, (let_.get(id) ?? 0) + 1)
          }),
        )
        expect(let_.get('b')).toBe(MOST)
        await one(nodes, 0).changeAllowances([...let_.keys()], (used) => {
          expect(used).toEqual([...let_.values()].map((times) => start + times * 1_000))
          return null
        })
      }))

    it('leave a chat active after a user’s message, even when it is archived at the same time', () =>
      withNodes(async (nodes) => {
        const id = await newChat(one(nodes, 0), 'u')
        for (let i = 0; i < 50; i++) {
          const archiving = one(nodes, 1).setArchived(id, true, at(i))
          const [outcome] = await one(nodes, 0).appendMessages([message(id)])
          const didArchive = (await archiving) !== undefined
          const isArchived = (await one(nodes, 2).findChat(id))?.archived_at !== null
          // Archived after the message, unarchived by it, or already archived: no change is lost
          if (isArchived) expect(didArchive).toBe(true)
          else expect(outcome).toMatchObject({ unarchived: didArchive ? { kind: 'unarchived' } : null })
          await one(nodes, 2).setArchived(id, false, at(i))
        }
      }))
  })
}
