// What bulkSeed does by SQL: so many people, each with a chat of ten messages.
import { MongoClient } from 'mongodb'
import { addActivity, newChat, pendingMail, setDerived } from '../../src/stores/mongo/chat-document.ts'
import type { ChatDoc, MessageDoc, UserDoc, WebhookDoc } from '../../src/stores/mongo/documents.ts'
import { SEEDED_ENDPOINT, SEEDED_MESSAGES, seededChat, seededTime } from '../../src/testing/bulk-seed.ts'

/** Chats that are written at once */
const PORTION = 500
/** Seconds after all that is asked for */
const FAR = 3_000_000_000

const idOf = (kind: string, n: number): string =>
  `${kind.padStart(8, '0')}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`

const user = (n: number): UserDoc => ({
  _id: `u${n}`,
  version: 1,
  email: `user${n}@example.com`,
  email_lower: `user${n}@example.com`,
  name: null,
  name_keys: { first: null, second: null, third: null, fourth: null },
  page_url: null,
  attributes: null,
  last_seen_at: seededTime(n),
  unsubscribed_at: null,
  created_at: seededTime(n),
})

/** Where nobody waits, staff wrote last */
const senderOf = (n: number, seq: number): 'user' | 'admin' =>
  (seq === SEEDED_MESSAGES ? n % 2 === 0 : seq % 3 === 0) ? 'admin' : 'user'

const message = (n: number, seq: number): MessageDoc => ({
  id: idOf(`2${seq.toString(16).padStart(4, '0')}`, n),
  seq,
  content: 'The quick brown fox asks about the invoice',
  sender_type: senderOf(n, seq),
  sender_id: `u${n}`,
  sender_name: null,
  client_id: null,
  attachments: null,
  automated: 0,
  created_at: seededTime(n),
  read_at: null,
})

function chat(n: number): ChatDoc {
  const at = seededTime(n)
  const chat = structuredClone(newChat(seededChat(n), `u${n}`, at))
  for (let seq = 1; seq <= SEEDED_MESSAGES; seq++) chat.messages.push(message(n, seq))
  Object.assign(chat, {
    last_seq: SEEDED_MESSAGES,
    last_user_seq: n % 2 === 1 ? SEEDED_MESSAGES : SEEDED_MESSAGES - 2,
    indexed_seq: SEEDED_MESSAGES,
    last_message_at: at,
    last_message_preview: 'x',
    last_message_sender: senderOf(n, SEEDED_MESSAGES),
    admin_viewed_seq: n % 7 === 0 ? 0 : SEEDED_MESSAGES,
    archived_at: n % 10 === 0 ? at : null,
    assignee_id: n % 4 === 0 ? 'sam' : null,
    assignee_name: n % 4 === 0 ? 'Sam' : null,
    tags: n % 5 === 0 ? ['vip'] : [],
    waiting_since: n % 2 === 1 ? at : null,
    position: n % 20 === 0 ? 3 : 1,
  } satisfies Partial<ChatDoc>)
  if (n % 2 === 1)
    for (const seq of [1, 2])
      addActivity(chat, {
        kind: 'note',
        id: idOf(`1${seq}`, n),
        seq,
        actor_id: 'sam',
        actor_name: 'Sam',
        body: { content: 'x' },
        client_id: `n${seq}`,
        created_at: at,
      })
  const sent = { state: 'sent' as const, up_to_seq: SEEDED_MESSAGES }
  const later = seededTime(FAR + n)
  if (n % 3 === 1) {
    chat.mails.reply.push({ ...pendingMail(idOf('31', n), at, at), ...sent })
    chat.mails.waiting.push({ ...pendingMail(idOf('33', n), at, at), ...sent })
  }
  if (n % 20 === 1) chat.mails.reply.push(pendingMail(idOf('32', n), later, at))
  if (n % 7 === 0) chat.mails.waiting.push(pendingMail(idOf('34', n), later, at))
  setDerived(chat)
  return chat
}

function webhooks(n: number): WebhookDoc[] {
  const one = (position: number, state: WebhookDoc['state'], due_at: string | null): WebhookDoc => ({
    _id: idOf(`4${position}`, n),
    endpoint: SEEDED_ENDPOINT,
    chat_id: seededChat(n),
    position,
    event: 'message.created',
    seq: position,
    state,
    due_at,
    claim: 0,
    releases: false,
    attempts: 0,
    status: null,
    reason: null,
    created_at: seededTime(n),
    updated_at: seededTime(n),
  })
  return [
    one(1, 'delivered', null),
    ...(n % 50 === 0 ? [one(2, 'failed', null)] : []),
    ...(n % 20 === 0 ? [one(3, 'pending', seededTime(FAR + n))] : []),
  ]
}

/** Fills an empty database. It has no indexes yet, so that FerretDB makes each of them once, for all documents */
export async function seedMongodb(url: string, chats: number): Promise<void> {
  const client = await new MongoClient(url).connect()
  const db = client.db()
  for (let first = 1; first <= chats; first += PORTION) {
    const numbers = Array.from({ length: Math.min(PORTION, chats + 1 - first) }, (_, i) => first + i)
    await db.collection<UserDoc>('support_users').insertMany(numbers.map(user))
    await db.collection<ChatDoc>('support_chats').insertMany(numbers.map(chat))
    await db.collection<WebhookDoc>('support_webhooks').insertMany(numbers.flatMap(webhooks))
  }
  await client.close()
}
