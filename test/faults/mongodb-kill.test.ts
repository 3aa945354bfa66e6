// Nodes on MongoDB that die at any of the writes of which a change consists. Whatever was acknowledged stays, and the next node that meets the
// chat does what is left: a number is given once, a message is where it belongs, and nothing of an erased person comes back.
import { MongoClient } from 'mongodb'
import { afterAll, describe, expect, it } from 'vitest'
import { mongoStore } from '../../src/stores/mongo.ts'
import type { Store } from '../../src/server/ports/store/store.ts'
import { at, message, newChat, newId, newPrefix } from '../../src/testing/database-conformance/kit.ts'
import { wholePage } from '../../src/testing/whole-page.ts'
import { dyingNode, type Death, type DyingNode } from '../support/dying-mongodb.ts'
import { freshMongodb } from '../support/mongodb.ts'

/** More writes than any of these changes has */
const MOST_WRITES = 60
const ENDPOINT = '01950abc-0000-7000-8000-00000000000e'
const OUTBOX = { 'message.created': [ENDPOINT] }
const VISITOR = `visitor:${'v'.repeat(43)}`

const database = await freshMongodb()

describe.skipIf(!database).each<Death>(['before', 'after'])('a node that dies %s any write', (death) => {
  const client = new MongoClient(database?.url ?? 'mongodb://unused')
  afterAll(() => client.close())
  const db = client.db()

  /** Once for each write: `prepare` on a node that lives, `change` on one that dies, `check` on the first one again */
  async function atEachWrite<Prepared>(
    prepare: (store: Store, n: number) => Promise<Prepared>,
    change: (store: Store, prepared: Prepared) => Promise<unknown>,
    check: (store: Store, prepared: Prepared) => Promise<void>,
  ): Promise<number> {
    const prefix = newPrefix()
    const living = await mongoStore(db, { prefix, fullTextSearch: true })
    const node: DyingNode = dyingNode(db)
    const mortal = await mongoStore(node.db, { prefix, fullTextSearch: true })
    let deaths = 0
    for (let n = 1; n <= MOST_WRITES; n++) {
      const prepared = await prepare(living, n)
      node.dieAt(n, death)
      const failure = await change(mortal, prepared).then(
        () => undefined,
        (error: unknown) => error,
      )
      if (failure !== undefined) expect(failure).toMatchObject({ name: 'StoreUnavailable' })
      const died = node.isDead()
      node.dieAt(Infinity, death)
      await check(living, prepared)
      if (!died) break
      deaths++
    }
    await Promise.all([living.close(), mortal.close()])
    return deaths
  }

  const seqs = async (store: Store, chat: string) =>
    (await store.messages(chat, { after: 0, limit: 1_000 })).messages.map(({ seq }) => seq)
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

  it('of messages that move older ones out of their chat', { timeout: 600_000 }, async () => {
    const deaths = await atEachWrite(
      async (store, n) => {
        const chat = await newChat(store, `u${n}`)
        await store.appendMessages(Array.from({ length: 50 }, () => message(chat, { sender_id: `u${n}` })))
        const sent = Array.from({ length: 20 }, (_, i) =>
          message(chat, { sender_id: `u${n}`, client_id: `c${i}`, content: `walrus ${n}-${i}` }),
        )
        return { chat, sent }
      },
      (store, { sent }) => store.appendMessages(sent, OUTBOX),
      async (store, { chat, sent }) => {
        // As a sender does it
        const outcomes = await store.appendMessages(sent, OUTBOX)
        expect(outcomes.map((one) => 'message' in one && one.message.seq)).toEqual(upTo(70).slice(50))
        await store.appendMessages([message(chat, { sender_type: 'admin', content: 'the last one' })], OUTBOX)
        expect(await seqs(store, chat)).toEqual(upTo(71))
        const page = await wholePage(store, { text: `"${sent[19]?.content}"`, limit: 5 })
        expect(page.found.map((one) => one.message.seq)).toEqual([70])
        const webhooks = (await store.listWebhooks({ limit: 1_000 })).filter(({ chat_id }) => chat_id === chat)
        expect(webhooks).toHaveLength(21)
        expect(webhooks.filter(({ due_at }) => due_at !== null)).toHaveLength(1)
      },
    )
    expect(deaths).toBeGreaterThan(5)
  })

  it('of a merge', { timeout: 600_000 }, async () => {
    const deaths = await atEachWrite(
      async (store, n) => {
        const visitor = VISITOR.slice(0, -3) + String(n).padStart(3, '0')
        const account = `account${n}`
        const [theirs, own] = [await newChat(store, visitor), await newChat(store, account)]
        await store.appendMessages([
          message(theirs, { sender_id: visitor, client_id: 'a' }),
          message(theirs, { sender_type: 'admin', sender_id: 's', notify_at: at(300) }),
          message(own, { sender_id: account, client_id: 'a' }),
        ])
        await store.addNote({
          chat_id: theirs,
          content: 'x',
          actor: { id: 's', name: null },
          client_id: null,
          created_at: at(2),
        })
        return { visitor, account, theirs, own }
      },
      (store, { visitor, account }) => store.mergeVisitor(visitor, account, at(9)),
      async (store, { visitor, account, theirs, own }) => {
        await store.mergeVisitor(visitor, account, at(9))
        const chat = await store.findChatOf(account)
        expect(chat?.id).toBe(own)
        await store.appendMessages([message(own, { sender_id: account })])
        expect(await seqs(store, own)).toEqual(upTo(4))
        expect(await store.findChatOf(visitor)).toBeUndefined()
        expect(await store.findChat(theirs)).toBeUndefined()
        expect(await store.findPerson(visitor)).toBeUndefined()
        expect(
          (await store.activities(own, { after: 0, limit: 100 })).activities.filter(({ kind }) => kind === 'note'),
        ).toHaveLength(1)
      },
    )
    expect(deaths).toBeGreaterThan(8)
  })

  it('of an erasure', { timeout: 600_000 }, async () => {
    const deaths = await atEachWrite(
      async (store, n) => {
        const chat = await newChat(store, `e${n}`)
        const sent = Array.from({ length: 70 }, () => message(chat, { sender_id: `e${n}`, content: `secret${n} word` }))
        await store.appendMessages(sent, OUTBOX)
        return { chat, user: `e${n}`, n }
      },
      (store, { user }) => store.erasePerson(user),
      async (store, { chat, user, n }) => {
        await store.erasePerson(user)
        expect(await store.personalData(user)).toBeUndefined()
        expect(await store.findChat(chat)).toBeUndefined()
        const { found } = await wholePage(store, { text: `secret${n}`, limit: 5 })
        expect(found).toEqual([])
        for (const { name } of await db.listCollections().toArray()) {
          if (!/support_(messages|activities|notifications|webhooks|search|users|chats)$/.test(name)) continue
          const left = await db
            .collection(name)
            .countDocuments({ $or: [{ chat_id: chat }, { _id: chat as never }, { _id: user as never }] })
          expect([name, left]).toEqual([name, 0])
        }
      },
    )
    expect(deaths).toBeGreaterThan(5)
  })

  it('of a mail to staff', { timeout: 600_000 }, async () => {
    const claiming = { kind: 'waiting', at: at(400), delay: 300_000, lease: 60_000, limit: 20 } as const
    const deaths = await atEachWrite(
      async (store, n) => {
        const chat = await newChat(store, `m${n}`)
        const sent = message(chat, { id: newId(), sender_id: `m${n}`, notify_at: at(300) })
        await store.appendMessages([sent])
        return { chat, sent, taken: 0 }
      },
      async (store, prepared) => {
        const { due } = await store.claimNotifications(claiming)
        for (const claim of due) {
          if (!(await store.handOverNotification(claim, at(401), 60_000))) continue
          prepared.taken++
          await store.settleNotification(claim, { state: 'sent' }, at(402))
        }
      },
      async (store, prepared) => {
        // The lease of the node that died has passed
        const later = { ...claiming, at: at(900) }
        const { due } = await store.claimNotifications(later)
        for (const claim of due) {
          if (!(await store.handOverNotification(claim, at(901), 60_000))) continue
          prepared.taken++
          await store.settleNotification(claim, { state: 'sent' }, at(902))
        }
        expect(prepared.taken).toBeLessThanOrEqual(1)
        const state = (await store.explainNotification(prepared.sent.id))?.notification?.state
        expect(state).toEqual(prepared.taken === 1 ? expect.stringMatching(/^(sent|uncertain)$/) : 'uncertain')
      },
    )
    expect(deaths).toBeGreaterThan(2)
  })
})

afterAll(() => database?.drop())
