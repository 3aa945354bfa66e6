// The statements of every kind of request, explained by the database on tables that are large enough to make a scan costly.
import { expect, it } from 'vitest'
import type { Store } from '../../server/ports/store/store.ts'
import { bulkSeed, SEEDED_ENDPOINT, seededChat, seededTime } from '../bulk-seed.ts'
import { message, newId, newPrefix, type DatabaseKit } from './kit.ts'

export interface Statement {
  text: string
  values: unknown[]
}

export interface PlanKit {
  /** A store whose statements are recorded */
  openWatched(prefix: string): Promise<{ store: Store; statements: Statement[] }>
  /** Tables that the planner would scan completely for this statement */
  scans(statement: Statement): Promise<string[]>
}

const CHATS = 5_000

export function plansConformance(
  name: string,
  kit: Pick<DatabaseKit, 'run'> & PlanKit,
  engine: 'postgres' | 'mysql',
): void {
  it(`${name}: scans no table of people, chats, messages, activity, notifications or webhooks for anything it does`, async () => {
    const prefix = newPrefix()
    const { store, statements } = await kit.openWatched(prefix)
    for (const statement of bulkSeed(engine, CHATS, prefix)) await kit.run(statement)
    // As large as the others: of a small table, a scan is the best plan
    const tags = `${prefix}support_tags`
    for (const tag of ['more', 'other'])
      await kit.run(
        `insert into ${tags} select id, '${tag}', 0, last_message_at from ${prefix}support_chats where last_message_at is not null`,
      )
    await kit.run(engine === 'mysql' ? `ANALYZE TABLE ${tags}` : `VACUUM ANALYZE ${tags}`)
    statements.length = 0
    await doEverything(store)
    const asked = new Map(statements.map((statement) => [statement.text, statement]))
    const ours = [...asked.values()].filter(({ text }) =>
      /support_(users|chats|messages|activities|tags|notifications|staff_mails|webhooks)/.test(text),
    )
    expect(ours.length).toBeGreaterThan(30)
    const found: string[] = []
    for (const statement of ours) {
      for (const scan of await kit.scans(statement)) found.push(`${scan}: ${statement.text}`)
    }
    expect(found).toEqual([])
    // A scan is noticed
    const table = `${prefix}support_messages`
    expect(await kit.scans({ text: `select * from ${table} where content = 'x'`, values: [] })).not.toEqual([])
    await store.close()
  })
}

async function doEverything(store: Store): Promise<void> {
  const at = seededTime(4_000_000_000)
  const id = seededChat(77)
  await store.savePeople([{ id: 'u5', email: 'new@example.com', name: 'New' }], at)
  await store.findPerson('u5')
  await store.findPeople(['u5', 'u6', 'nobody'])
  await store.unsubscribe('u6', at)
  await store.searchPeople('user', 20)
  // So many that a search for their name goes through the newest chats
  const many = Array.from({ length: 600 }, (_, n) => ({ id: `many${n}`, email: '', name: `Many ${n}` }))
  await store.savePeople(many, at)
  await store.savePeople([{ id: 'fresh', email: 'fresh@example.com', name: null }], at)
  await store.openChat('fresh', newId(), at)
  await store.findChat(id)
  await store.findChats([id, seededChat(78)])
  await store.findChatOf('u77')
  for (const archived of [false, true]) {
    await store.listChats({ archived, limit: 51 })
    await store.listChats({ archived, limit: 51, cursor: { key: seededTime(CHATS / 2), id: seededChat(CHATS / 2) } })
    await store.oldArchive({ before: seededTime(CHATS / 2), limit: 51 })
    await store.oldArchive({
      before: seededTime(CHATS),
      limit: 51,
      after: { key: seededTime(CHATS / 2), id: seededChat(CHATS / 2) },
    })
    await store.listChats({ archived, limit: 51, tag: 'vip' })
    const after = { key: seededTime(CHATS / 2), id: seededChat(CHATS / 2) }
    await store.listChats({ archived, limit: 51, tag: 'vip', cursor: after })
    await store.listChats({ archived, limit: 51, email: 'user7' })
    const cursor = { key: 'user77@example.com', id: 'u77' }
    await store.listChats({ archived, limit: 51, email: 'user7', cursor })
    for (const assignee of ['u5', null]) {
      await store.listChats({ archived, limit: 51, assignee })
      const cursor = { key: seededTime(CHATS / 2), id: seededChat(CHATS / 2) }
      await store.listChats({ archived, limit: 51, assignee, cursor })
    }
    await store.chatsByName({ archived, limit: 51, name: 'new' })
    await store.chatsByName({ archived, limit: 51, name: 'many' })
    const place = { key: seededTime(CHATS / 2), id: seededChat(CHATS / 2) }
    await store.chatsByName({ archived, limit: 51, name: 'many', cursor: place })
    // Those are one statement, explained with its last values: what all match is what tempts a planner to sort them
    await store.listChats({ archived, limit: 51, email: 'user' })
  }
  await store.listChats({ archived: false, waiting: true, limit: 51 })
  const longest = { key: seededTime(CHATS / 2), id: seededChat(CHATS / 2) }
  await store.listChats({ archived: false, waiting: true, limit: 51, cursor: longest })
  await store.listItems([id, seededChat(78)])
  await store.countUnreadChats(100)
  await store.setArchived(id, true, at)
  await store.setArchived(id, false, at)
  await store.assign(id, { assignee: { id: 'sam', name: null }, actor: null, at })
  const note = { chat_id: id, content: 'n', actor: { id: 'sam', name: null }, client_id: 'c', created_at: at }
  await store.addNote(note)
  await store.changeTags(id, (tags) => [...tags, 'urgent'], { actor: null, at })
  await store.activities(id, { after: 1, limit: 50 })
  await store.activities(id, { before: 3, limit: 50 })
  await store.messages(id, { after: 3, limit: 50 })
  await store.messages(id, { before: 8, limit: 50 })
  await store.messages(id, { since: seededTime(5), limit: 50 })
  await store.countUnread(id)
  await store.newestUnread(id)
  await store.markRead(id, 'user', 5, at)
  await store.markRead(seededChat(70), 'admin', undefined, at)
  const reply = message(id, { sender_type: 'admin', client_id: 'c', created_at: at, notify_at: at, takes_chat: true })
  const question = message(seededChat(78), { created_at: at, notify_at: at })
  await store.appendMessages([reply, question])
  for (const kind of ['reply', 'waiting'] as const) {
    await store.nextNotification(kind)
    const { due: claims } = await store.claimNotifications({ kind, at, delay: 0, lease: 60_000, limit: 3 })
    expect(claims).toHaveLength(3)
    const [first, second, third] = claims
    if (!first || !second || !third) return expect.fail()
    expect(await store.handOverNotification(first, at, 60_000)).toBe(true)
    await store.settleNotification(first, { state: 'sent' }, at)
    await store.settleNotification(second, { state: 'retry', retry_at: at, reason: 'down' }, at)
    await store.handOverNotification(third, at, 60_000)
    await store.settleNotification(third, { state: 'failed', reason: 'no' }, at)
  }
  await store.explainNotification(reply.id)
  await store.explainNotification(question.id)

  const endpoint = SEEDED_ENDPOINT
  const outbox = { 'message.created': [endpoint], 'chat.archived': [endpoint] }
  await store.appendMessages([message(id, { created_at: at }), message(seededChat(79), { created_at: at })], outbox)
  await store.setArchived(seededChat(81), true, at, { outbox })
  await store.nextWebhook(endpoint)
  const [webhook, other] = await store.claimWebhooks({
    endpoint,
    at: seededTime(4_000_000_001),
    lease: 60_000,
    limit: 3,
  })
  if (!webhook || !other) return expect.fail()
  await store.settleWebhook(webhook, { state: 'delivered', status: 200 }, at)
  await store.settleWebhook(other, { state: 'failed', status: 500, reason: 'status' }, at)
  await store.sendWebhookAgain(webhook.id, at)
  const cursor = { key: at, id: webhook.id }
  for (const failed of [false, true]) {
    await store.listWebhooks({ limit: 11, failed })
    await store.listWebhooks({ limit: 11, failed, cursor })
  }
  await store.forgetWebhooks({ before: seededTime(30), endpoints: [endpoint], limit: 20 })
}
