// The same random batches on SQLite and here: the same outcomes, and the same tables afterwards.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NotificationKind } from '../../server/ports/store/notifications.ts'
import type { Store } from '../../server/ports/store/store.ts'
import { sqliteStore } from '../../stores/sqlite.ts'
import { at, newId, newPrefix, type DatabaseKit } from './kit.ts'

const CHATS = 3

const draft = fc.record({
  /** The last id is not that of a chat */
  chat: fc.nat(CHATS),
  sender: fc.constantFrom('ada', 'Ada', 'sam'),
  isAdmin: fc.boolean(),
  content: fc.constantFrom('one', 'two', '😀 '.repeat(60)),
  client: fc.option(fc.constantFrom('a', 'b', 'c')),
  time: fc.nat(20),
  takes_chat: fc.boolean(),
  automated: fc.boolean(),
  hands_over: fc.boolean(),
  answers_seq: fc.option(fc.nat(6), { nil: undefined, freq: 1 }),
})
const KINDS: NotificationKind[] = ['reply', 'waiting']
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ append: fc.array(draft, { maxLength: 12 }) }) },
  fc.record({ archive: fc.nat(CHATS - 1), on: fc.boolean() }),
  fc.record({ block: fc.nat(CHATS - 1), on: fc.boolean() }),
  fc.record({
    note: fc.nat(CHATS),
    actor: fc.constantFrom('sam', 'Sam'),
    client: fc.option(fc.constantFrom('a', 'b')),
    time: fc.nat(40),
  }),
  fc.record({ read: fc.nat(CHATS - 1), byUser: fc.boolean(), upTo: fc.option(fc.nat(9), { nil: undefined }) }),
  fc.record({ claim: fc.nat(400), kind: fc.constantFrom(...KINDS) }),
)

/** Each store makes its own ids of activities */
const comparable = (result: unknown): unknown =>
  result === undefined
    ? undefined
    : JSON.parse(
        JSON.stringify(result, (_, value: unknown) =>
          typeof value === 'object' && value !== null && 'actor_id' in value ? { ...value, id: '' } : value,
        ),
      )

/** @param usual how many sequences of calls, when nobody says */
export function likeSqliteConformance(name: string, kit: Pick<DatabaseKit, 'open'>, usual = 20): void {
  const runs = Number(process.env['FAULT_RUNS'] ?? usual)
  describe(`${name}: beside SQLite`, () => {
    let here: Store
    let there: Store
    beforeAll(async () => {
      here = await kit.open(newPrefix())
      there = await sqliteStore(':memory:')
    })
    afterAll(() => Promise.all([here.close(), there.close()]))

    /** Calls both stores, expects the same result, and returns it */
    async function both<T>(work: (store: Store) => Promise<T>): Promise<T> {
      const [mine, theirs] = [await work(here), await work(there)]
      expect(comparable(mine)).toEqual(comparable(theirs))
      return mine
    }

    it(`gives the same results for random calls (${runs} runs)`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
          const chats: string[] = []
          for (let n = 0; n < CHATS; n++) {
            const user = `${name}${newId()}`
            const id = newId()
            await both((s) => s.savePeople([{ id: user, email: `${user}@example.com`, name: null }], at(0)))
            chats.push((await both((s) => s.openChat(user, id, at(0)))).id)
          }
          for (const one of steps) {
            if ('append' in one) {
              const batch = one.append.map((d) => ({
                id: newId(),
                chat_id: chats[d.chat] ?? '01950000-0000-7000-8000-ffffffffffff',
                content: d.content,
                sender_type: d.isAdmin ? ('admin' as const) : ('user' as const),
                sender_id: d.sender,
                sender_name: null,
                client_id: d.client,
                created_at: at(d.time),
                notify_at: at(d.time + 300),
                takes_chat: d.takes_chat,
                hands_over: d.hands_over,
                // Only staff's messages can be a machine's
                automated: d.isAdmin && d.automated,
                ...(d.isAdmin && d.answers_seq !== undefined && { answers_seq: d.answers_seq }),
              }))
              await both((s) => s.appendMessages(batch))
            } else if ('archive' in one) {
              await both((s) => s.setArchived(chats[one.archive] ?? '', one.on, at(30)))
            } else if ('block' in one) {
              const actor = { id: 'sam', name: null }
              await both((s) => s.setBlocked(chats[one.block] ?? '', one.on, { actor, at: at(30) }))
            } else if ('note' in one) {
              const { actor, client: client_id } = one
              const chat_id = chats[one.note] ?? '01950000-0000-7000-8000-ffffffffffff'
              const note = {
                chat_id,
                content: actor,
                actor: { id: actor, name: null },
                client_id,
                created_at: at(one.time),
              }
              await both((s) => s.addNote(note))
            } else if ('read' in one) {
              await both((s) => s.markRead(chats[one.read] ?? '', one.byUser ? 'user' : 'admin', one.upTo, at(31)))
            } else {
              const query = { kind: one.kind, at: at(one.claim), delay: 300_000, lease: 60_000, limit: 20 }
              const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
              const due = await both(async (s) => (await s.claimNotifications(query)).due.sort(byId))
              for (const [i, claim] of due.entries()) {
                if (i % 3 === 0) await both((s) => s.handOverNotification(claim, query.at, 60_000))
                if (i % 2 === 0) await both((s) => s.settleNotification(claim, { state: 'sent' }, query.at))
              }
            }
            for (const kind of KINDS) await both((s) => s.nextNotification(kind))
          }
          for (const id of chats) {
            await both((s) => s.findChat(id))
            await both((s) => s.listItems([id]))
            await both((s) => s.countUnread(id))
            const { messages } = await both((s) => s.messages(id, { after: 0, limit: 1_000 }))
            expect(messages.map((m) => m.seq)).toEqual(messages.map((_, i) => i + 1))
            await both((s) => s.activities(id, { after: 0, limit: 1_000 }))
            for (const m of messages) await both((s) => s.explainNotification(m.id))
          }
          // Leftover notifications would be due in the next run
          await both(async (s) => {
            for (const id of chats) await s.setArchived(id, true, at(999))
            for (const kind of KINDS)
              while (await s.nextNotification(kind))
                await s.claimNotifications({ kind, at: at(1_000_000), delay: 0, lease: 1, limit: 20 })
          })
        }),
        { numRuns: runs, ...(process.env['FAULT_SEED'] ? { seed: Number(process.env['FAULT_SEED']) } : {}) },
      )
    })
  })
}
