// What test/fixtures/schema-1 holds, as a store gives it back.
import { expect } from 'vitest'
import type { Store } from '../../../src/server/ports/store/store.ts'
import { message } from '../../../src/testing/database-conformance/kit.ts'

/** Seconds after the fixture's beginning */
const at = (seconds: number): string => new Date(Date.parse('2026-03-02T09:00:00.000Z') + seconds * 1000).toISOString()
const id = (kind: string, n: number): string => `01950000-00${kind}-7000-8000-00000000000${n}`
const [ADAS, BOBS, CYS] = [id('c0', 1), id('c0', 2), id('c0', 3)] as const

export async function checkFirstRelease(store: Store): Promise<void> {
  expect(store.epoch).toBe('f1e2d3c4b5a6')
  await checkPeopleAndChats(store)
  await checkMessages(store)
  await checkTheRest(store)
  await checkWriting(store)
}

async function checkPeopleAndChats(store: Store): Promise<void> {
  expect(await store.findPerson('ada')).toEqual({
    id: 'ada',
    email: 'Ada@example.com',
    name: 'Ada 😀',
    page_url: 'https://shop.example/cart',
    attributes: {},
    first_seen_at: at(0),
    last_seen_at: at(600),
  })
  expect(await store.findPerson('bob')).toMatchObject({ name: null, page_url: null })
  expect(await store.findChatOf('ada')).toEqual({
    id: ADAS,
    user_id: 'ada',
    user_email: 'Ada@example.com',
    user_name: 'Ada 😀',
    last_seq: 4,
    last_activity_seq: 0,
    assignee_id: null,
    assignee_name: null,
    blocked_at: null,
    // Staff had answered before this was kept
    assistant_off_at: at(700),
    archived_at: null,
    user_read_seq: 2,
    user_read_at: at(30),
    admin_viewed_seq: 1,
    admin_viewed_at: at(15),
  })
  const ids = async (archived: boolean, email?: string) =>
    (await store.listChats({ archived, limit: 9, email })).map((item) => item.id)
  expect([await ids(false), await ids(true), await ids(false, 'ADA')]).toEqual([[CYS, ADAS], [BOBS], [ADAS]])
  expect(await store.listItems([BOBS])).toEqual([
    {
      id: BOBS,
      user_id: 'bob',
      user_email: 'bob@example.com',
      user_name: null,
      last_message_at: at(500.25),
      last_message_preview: `It's bob's \\ "quoted" %_`,
      last_message_sender: 'user',
      last_message_by: null,
      message_count: 3,
      unread: true,
      archived: true,
      assignee: null,
      tags: [],
      rating: null,
      blocked_at: null,
      waiting_since: null,
    },
  ])
}

async function checkMessages(store: Store): Promise<void> {
  const { messages, has_more } = await store.messages(ADAS, { after: 0, limit: 3 })
  expect(has_more).toBe(true)
  expect(messages[0]).toEqual({
    id: id('a0', 1),
    seq: 1,
    content: 'Hello 😀\nwith two lines',
    sender_type: 'user',
    sender_name: 'Ada 😀',
    client_id: 'c-1',
    read_at: at(15),
    created_at: at(10),
    attachments: [],
  })
  expect(messages.slice(1)).toMatchObject([
    { id: id('a0', 2), sender_name: 'Sam', client_id: null, read_at: at(30) },
    { id: id('a0', 3), client_id: 'c-1', read_at: null, created_at: at(40) },
  ])
  expect(await store.countUnread(ADAS)).toBe(2)
  expect(await store.newestUnread(ADAS)).toMatchObject({ content: 'Fourth, on its way', sender_name: null })
  expect((await store.messages(BOBS, { since: at(450), limit: 9 })).messages).toMatchObject([{ seq: 3 }])
}

async function checkTheRest(store: Store): Promise<void> {
  const explained = await Promise.all([3, 4, 5, 6, 8, 9].map((n) => store.explainNotification(id('a0', n))))
  expect(explained.map((account) => account?.notification)).toMatchObject([
    { state: 'sent', updated_at: at(345), address: 'Ada@example.com', replies: 1 },
    { state: 'claimed', due_at: at(1120), refusals: 1, reason: 'mailbox busy' },
    { state: 'sending', due_at: at(870) },
    { state: 'pending', due_at: at(750), address: null },
    { state: 'uncertain', reason: 'timed out' },
    { state: 'skipped', reason: 'unsubscribed' },
  ])
  expect(explained.at(-1)?.unsubscribed_at).toBe(at(900))
  expect(await store.nextNotification('reply')).toBe(at(870))
  expect(await store.revocationsSince('')).toEqual([
    { subject: 'session:x', revoked_at: at(5) },
    { subject: 'user:ada', revoked_at: at(8.125) },
  ])
  expect(await store.listMails(9)).toEqual([
    {
      id: id('d0', 1),
      to: { name: 'Ada 😀', address: 'Ada@example.com' },
      subject: 'A reply',
      text: 'Third, in a mail',
      html: '<p>Third, in a mail</p>',
      headers: { 'List-Unsubscribe': '<https://desk.example/u>' },
      created_at: at(345),
    },
  ])
}

async function checkWriting(store: Store): Promise<void> {
  const outcomes = await store.appendMessages([
    message(BOBS, { sender_id: 'bob', created_at: at(1500) }),
    message(ADAS, { sender_id: 'ada', client_id: 'c-1', content: 'Hello 😀\nwith two lines' }),
    message(ADAS, { sender_id: 'ada', client_id: 'c-1', content: 'Something else' }),
  ])
  expect(outcomes).toMatchObject([
    { kind: 'stored', message: { seq: 4 }, unarchived: { kind: 'unarchived', seq: 1 } },
    { kind: 'repeated', message: { id: id('a0', 1), seq: 1 } },
    { kind: 'conflict' },
  ])
  expect(await store.markRead(CYS, 'admin', undefined, at(1500))).toEqual({ up_to_seq: 2, moved: true })
  // What was held when the database was copied: one claim is due again, and one mail is uncertain, so the next is due
  const due: string[] = []
  while (((await store.nextNotification('reply')) ?? '~') <= at(2000)) {
    const { due: claims } = await store.claimNotifications({
      kind: 'reply',
      at: at(2000),
      delay: 300_000,
      lease: 60_000,
      limit: 9,
    })
    due.push(...claims.map((claim) => claim.message.id))
  }
  expect(due.sort()).toEqual([id('a0', 4), id('a0', 6)])
  expect((await store.explainNotification(id('a0', 5)))?.notification).toMatchObject({ state: 'uncertain' })
}
