// What goes from a visitor's chat into the account's: each kind of row behind those that are there already.
import { sql, type Transaction } from 'kysely'
import type { NotificationKind } from '../../server/ports/store/notifications.ts'
import { earliest, type MergeableChat } from '../rules/merge.ts'
import { LOST } from '../rules/notification.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import type { Engine } from './engine.ts'
import type { Tables } from './tables.ts'

type Trx = Transaction<Tables>

/** The visitor's chat, and the account's */
export interface Both {
  theirs: MergeableChat
  own: MergeableChat
}

/** Those that no message carries keep no client_id: the other chat may have it */
export async function moveAttachments(trx: Trx, fromId: string, toId: string, userId: string): Promise<void> {
  const moved = trx.updateTable('support_attachments').where('chat_id', '=', fromId)
  await moved.set({ chat_id: toId, client_id: null }).execute()
  const users = trx.updateTable('support_attachments').where('chat_id', '=', toId).where('sender_type', '=', 'user')
  await users.set({ sender_id: userId }).execute()
}

/** They follow those of the other chat. Its head is moved on by the caller */
export async function moveActivities(trx: Trx, engine: Engine, from: MergeableChat, to: MergeableChat): Promise<void> {
  if (from.last_activity_seq === 0) return
  const taken = await trx
    .selectFrom('support_activities as a')
    .innerJoin('support_activities as o', (join) =>
      join.on('o.chat_id', '=', to.id).onRef('o.actor_id', '=', 'a.actor_id').onRef('o.client_id', '=', 'a.client_id'),
    )
    .select('a.seq')
    .where('a.chat_id', '=', from.id)
    .execute()
  const moved = trx.updateTable('support_activities').where('chat_id', '=', from.id)
  if (taken.length > 0) {
    const seqs = taken.map(({ seq }) => seq)
    await moved.set({ client_id: null }).where('seq', 'in', seqs).execute()
  }
  // Before the seq, which it reads
  if (to.last_activity_at !== null)
    await moved.set({ created_at: engine.notBefore('created_at', to.last_activity_at) }).execute()
  await moved.set({ seq: sql<number>`seq + ${to.last_activity_seq}`, chat_id: to.id }).execute()
}

export async function moveMessages(trx: Trx, engine: Engine, { theirs, own }: Both): Promise<void> {
  // The same client_id of the same sender in both chats
  const sender = sql<string>`case m.sender_type when 'user' then ${own.user_id} else m.sender_id end`
  const taken = await trx
    .selectFrom('support_messages as m')
    .innerJoin('support_messages as o', (join) =>
      join
        .on('o.chat_id', '=', own.id)
        .onRef('o.sender_type', '=', 'm.sender_type')
        .onRef('o.client_id', '=', 'm.client_id')
        .on('o.sender_id', '=', sender),
    )
    .select('m.seq')
    .where('m.chat_id', '=', theirs.id)
    .execute()
  const messages = trx.updateTable('support_messages').where('chat_id', '=', theirs.id)
  if (taken.length > 0) {
    const seqs = taken.map(({ seq }) => seq)
    await messages.set({ client_id: null }).where('seq', 'in', seqs).execute()
  }
  // The time first: MySQL takes later ones from the row as it is by then
  await messages
    .set({
      created_at: engine.notBefore('created_at', own.last_message_at ?? ''),
      seq: sql<number>`seq + ${own.last_seq}`,
      sender_id: sql<string>`case sender_type when 'user' then ${own.user_id} else sender_id end`,
      chat_id: own.id,
    })
    .execute()
}

type OpenMail = Pick<Tables['support_notifications'], 'due_at' | 'state'>

/** Both tables have the same columns, and Kysely's types want one name */
const tableOf = (kind: NotificationKind) => NOTIFICATION_KINDS[kind].table as 'support_notifications'

export const openMails = (trx: Trx, kind: NotificationKind, chatId: string): Promise<OpenMail[]> =>
  trx
    .selectFrom(tableOf(kind))
    .select(['due_at', 'state'])
    .where('chat_id', '=', chatId)
    .where('state', 'in', ['pending', 'claimed', 'sending'])
    .execute()

export async function moveMails(
  trx: Trx,
  engine: Engine,
  { theirs, own }: Both,
  kind: NotificationKind,
  ownMails: OpenMail[],
  at: string,
): Promise<void> {
  const table = tableOf(kind)
  const now = engine.time(at)
  // While one is being sent, its worker holds it
  const waiting = (await openMails(trx, kind, theirs.id)).filter(({ state }) => state !== 'sending')
  await trx.deleteFrom(table).where('chat_id', '=', theirs.id).where('state', 'in', ['pending', 'claimed']).execute()
  const rest = trx.updateTable(table).where('chat_id', '=', theirs.id)
  await rest.set({ state: 'uncertain', reason: LOST, updated_at: now }).where('state', '=', 'sending').execute()
  const shifted = (column: string) => sql<number>`${sql.ref(column)} + ${own.last_seq}`
  await rest.set({ chat_id: own.id, after_seq: shifted('after_seq'), up_to_seq: shifted('up_to_seq') }).execute()
  if (waiting.length === 0) return
  const pending = ownMails.filter(({ state }) => state === 'pending')
  const due_at = engine.time(earliest([...waiting, ...pending].map((mail) => mail.due_at)) ?? at)
  if (pending.length > 0) {
    const mine = trx.updateTable(table).where('chat_id', '=', own.id)
    await mine.set({ due_at }).where('state', '=', 'pending').execute()
  } else {
    const row = { id: crypto.randomUUID(), chat_id: own.id, state: 'pending', due_at, created_at: now, updated_at: now }
    await trx
      .insertInto(table)
      .values(row as never)
      .execute()
  }
}

/** What the account's chat asked is answered no more: there is a newer message. Who answers the visitor's begins anew */
export async function moveAnswer(trx: Trx, engine: Engine, { theirs, own }: Both, at: string): Promise<void> {
  await trx.deleteFrom('support_answers').where('chat_id', '=', own.id).execute()
  const moved = trx.updateTable('support_answers').where('chat_id', '=', theirs.id)
  await moved
    .set({ chat_id: own.id, seq: sql<number>`seq + ${own.last_seq}`, claim: 0, due_at: engine.time(at) })
    .execute()
}

/** To the ends of the account's queues, in which one at a time is due */
export async function moveWebhooks(trx: Trx, { theirs, own }: Both): Promise<void> {
  const queues = (chatId: string) =>
    trx
      .selectFrom('support_webhooks')
      .select((e) => ['endpoint', e.fn.max('position').as('last'), e.fn.count<number>('due_at').as('due')])
      .where('chat_id', '=', chatId)
      .groupBy('endpoint')
      .execute()
  const before = new Map((await queues(own.id)).map((queue) => [queue.endpoint, queue]))
  for (const { endpoint } of await queues(theirs.id)) {
    const { last = 0, due = 0 } = before.get(endpoint) ?? {}
    const queue = trx.updateTable('support_webhooks').where('chat_id', '=', theirs.id).where('endpoint', '=', endpoint)
    if (Number(due) > 0) await queue.set({ state: 'pending', due_at: null }).where('due_at', 'is not', null).execute()
    const [position, seq] = [sql<number>`position + ${last}`, sql<number>`seq + ${own.last_seq}`]
    await queue.set({ position, seq, chat_id: own.id }).execute()
  }
}
