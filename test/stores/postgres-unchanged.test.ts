// A batch is written by what was read before, in a statement of its own. What happens between the two must count.
import fc from 'fast-check'
import { Client, Pool } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { postgresStore, type PostgresPool } from '../../src/stores/postgres.ts'
import type { NewMessage } from '../../src/server/ports/store/messages.ts'
import type { Store } from '../../src/server/ports/store/store.ts'
import { freshDatabase } from '../support/databases.ts'
import { holdChatOnPostgres, onPostgres } from '../support/databases/postgres.ts'

const AT = '2026-03-02T09:00:00.000Z'
const CHAT = '01950abc-0000-7000-9000-000000000001'

const database = await freshDatabase('postgres')
const url = database?.url ?? ''
const pool = new Pool({ connectionString: url })
pool.on('error', () => undefined)
/** Called before a batch is written by what was read */
let meanwhile: () => Promise<unknown> = async () => undefined
let statements = 0
const interrupted: PostgresPool = {
  end: () => expect.fail('It is not ours'),
  async connect() {
    const client = await pool.connect()
    return {
      async query(query) {
        statements++
        if (query.text.startsWith('with locked')) await meanwhile()
        return client.query(query)
      },
      release: (destroy) => client.release(destroy),
      on: (event, listener) => client.on(event, listener),
      off: (event, listener) => client.off(event, listener),
    }
  },
}
afterAll(async () => {
  await pool.end()
  await database?.drop()
})

let made = 0
const message = (clientId: string): NewMessage => ({
  id: `01950abc-0000-7000-9000-${String(++made).padStart(12, '0')}`,
  chat_id: CHAT,
  content: 'hello',
  sender_type: 'user',
  sender_id: 'u',
  sender_name: null,
  client_id: clientId,
  created_at: AT,
  notify_at: null,
})

describe.skipIf(!database)('a chat that changes after a batch has read it', () => {
  const opened = async () => {
    const store = await postgresStore(interrupted)
    await store.savePeople([{ id: 'u', email: 'u@example.com', name: null }], AT)
    await store.openChat('u', CHAT, AT)
    return store
  }
  const doMeanwhile = (change: () => Promise<unknown>) => {
    meanwhile = async () => {
      meanwhile = async () => undefined
      await change()
    }
  }

  const statementsOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = statements
    await work()
    return statements - before
  }

  it('costs one statement where it does not change, and one more for the first message of a process that has not read it', async () => {
    const appendBy = (store: Store) => async (clientId: string, seq: number) =>
      expect(await store.appendMessages([message(clientId)])).toMatchObject([{ kind: 'stored', message: { seq } }])
    const append = appendBy(await opened())
    expect(await statementsOf(() => append('a', 1))).toBe(1)
    expect(await statementsOf(() => append('a2', 2))).toBe(1)
    const other = await postgresStore(interrupted)
    expect(await statementsOf(() => appendBy(other)('a3', 3))).toBe(2)
    await other.findChat(CHAT)
    expect(await statementsOf(() => append('a4', 4))).toBe(2)
    expect(await statementsOf(() => appendBy(other)('a5', 5))).toBe(2)
    await other.findChatOf('u')
    await other.markRead(CHAT, 'admin', undefined, AT)
    expect(await statementsOf(() => appendBy(other)('a6', 6))).toBe(1)
  })

  it('costs one statement where a reply takes the chat, or a message brings it back from the archive', async () => {
    const store = await opened()
    const reply = { ...message('take'), sender_type: 'admin', sender_id: 'sam', takes_chat: true } as const
    const take = async () =>
      expect(await store.appendMessages([reply])).toMatchObject([{ taken: { kind: 'assigned' } }])
    expect(await statementsOf(take)).toBe(1)
    await store.setArchived(CHAT, true, AT)
    await store.findChat(CHAT)
    const come = async () =>
      expect(await store.appendMessages([message('back')])).toMatchObject([{ unarchived: { kind: 'unarchived' } }])
    expect(await statementsOf(come)).toBe(1)
    const kinds = (await store.activities(CHAT, { after: 0, limit: 9 })).activities.map(({ kind, seq }) => [seq, kind])
    expect(kinds).toEqual([
      [1, 'assigned'],
      [2, 'archived'],
      [3, 'unarchived'],
    ])
    expect(await store.findChat(CHAT)).toMatchObject({ assignee_id: 'sam', archived_at: null, last_activity_seq: 3 })
  })

  it('is known as it was left, whatever a batch did to it', async () => {
    const store = await opened()
    const sent = fc.record({
      sender_type: fc.constantFrom('user', 'admin'),
      takes_chat: fc.boolean(),
      automated: fc.boolean(),
      hands_over: fc.boolean(),
      sender_name: fc.constantFrom(null, 'Sam "S" {O\\}'),
    })
    const append = (batch: NewMessage[]) => store.appendMessages(batch)
    const between = fc.constantFrom('nothing', 'archived', 'nobody’s', 'tagged')
    const batches = fc.array(fc.tuple(between, fc.array(sent, { minLength: 1, maxLength: 4 })), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(batches, async (all) => {
        for (const [change, batch] of all) {
          if (change === 'archived') await store.setArchived(CHAT, true, AT)
          if (change === 'nobody’s') await store.assign(CHAT, { assignee: null, actor: null, at: AT })
          if (change === 'tagged') await store.changeTags(CHAT, () => ['vip'], { actor: null, at: AT })
          if (change !== 'nothing') await store.findChat(CHAT)
          const messages = batch.map((one) => ({ ...message(`known-${made}`), ...one, sender_id: one.sender_type }))
          expect(await statementsOf(() => append(messages))).toBe(1)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('costs two where another process wrote before, whose message comes before it', async () => {
    const [store, other] = [await opened(), await postgresStore(url)]
    await store.appendMessages([message('x')])
    const { last_seq = 0 } = (await store.findChat(CHAT)) ?? {}
    await other.appendMessages([message('y')])
    const append = async () =>
      expect(await store.appendMessages([message('z')])).toMatchObject([{ message: { seq: last_seq + 2 } }])
    expect(await statementsOf(append)).toBe(2)
    await other.close()
  })

  it('by a message, gives the next seq; by the same message, answers with it', async () => {
    const [store, other] = [await opened(), await postgresStore(url)]
    const { last_seq = 0 } = (await store.findChat(CHAT)) ?? {}
    doMeanwhile(() => other.appendMessages([message('b')]))
    expect(await store.appendMessages([message('c')])).toMatchObject([
      { kind: 'stored', message: { seq: last_seq + 2 } },
    ])
    const first = message('d')
    doMeanwhile(() => other.appendMessages([first]))
    expect(await store.appendMessages([message('d')])).toMatchObject([{ kind: 'repeated', message: { id: first.id } }])
    await other.close()
  })

  it('without a message, is seen too', async () => {
    const store = await opened()
    doMeanwhile(() => onPostgres(url, `UPDATE support_chats SET archived_at = '${AT}' WHERE id = '${CHAT}'`))
    const [outcome] = await store.appendMessages([message('e')])
    expect(outcome).toMatchObject({ kind: 'stored', unarchived: { kind: 'unarchived' } })
    doMeanwhile(() => onPostgres(url, `UPDATE support_chats SET blocked_at = '${AT}' WHERE id = '${CHAT}'`))
    expect(await store.appendMessages([message('f')])).toEqual([{ kind: 'blocked' }])
    await onPostgres(url, `UPDATE support_chats SET blocked_at = NULL`)
  })

  it('and is locked, is waited for', async () => {
    const store = await opened()
    let release: () => Promise<void> = async () => undefined
    doMeanwhile(async () => (release = await holdChatOnPostgres(url, '', CHAT)))
    const appended = store.appendMessages([message('g')])
    const watcher = new Client({ connectionString: url })
    await watcher.connect()
    const waits = async () =>
      (
        await watcher.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        )
      ).rowCount
    await expect.poll(waits).toBe(1)
    await watcher.end()
    await release()
    expect(await appended).toMatchObject([{ kind: 'stored' }])
  })

  it('in what the rules do not read, between two moments of the statement too, moves on all the same', async () => {
    const store = await opened()
    const { last_seq = 0 } = (await store.findChat(CHAT)) ?? {}
    let isOver = false
    const touch = async () => {
      const client = new Client({ connectionString: url })
      await client.connect()
      while (!isOver) await client.query(`UPDATE support_chats SET updated_at = now() WHERE id = '${CHAT}'`)
      await client.end()
    }
    const touching = [touch(), touch(), touch()]
    const rounds = 200
    for (let i = 1; i <= rounds; i++)
      expect(await store.appendMessages([message(`touched-${i}`)])).toMatchObject([{ message: { seq: last_seq + i } }])
    isOver = true
    await Promise.all(touching)
    expect(await store.findChat(CHAT)).toMatchObject({ last_seq: last_seq + rounds })
  })

  it('at any moment, leaves no gap', async () => {
    const store = await opened()
    const { last_seq = 0 } = (await store.findChat(CHAT)) ?? {}
    const others = await Promise.all(Array.from({ length: 3 }, () => postgresStore(url)))
    const rounds = 20
    const stored = await Promise.all(
      [store, ...others].map(async (one, n) => {
        const seqs: number[] = []
        for (let i = 0; i < rounds; i++) {
          const [outcome] = await one.appendMessages([message(`race-${n}-${i}`)])
          if (outcome?.kind === 'stored') seqs.push(outcome.message.seq)
        }
        return seqs
      }),
    )
    const seqs = stored.flat().sort((a, b) => a - b)
    expect(seqs).toEqual(Array.from({ length: 4 * rounds }, (_, i) => last_seq + 1 + i))
    await Promise.all(others.map((one) => one.close()))
  })
})
