// A visitor's chat goes to an account. All of it is one transaction, so that it happens once or not at all.
import { sql, type Transaction } from 'kysely'
import type { NotificationKind } from '../../server/ports/store/notifications.ts'
import type { VisitorStore } from '../../server/ports/store/visitors.ts'
import { placeTagged, placeUnarchivedByMessage, type ActivityHead } from '../rules/activity.ts'
import {
  assigneeOf,
  assistantOffOf,
  blockOf,
  earliest,
  isTooLong,
  isUntouched,
  MERGEABLE_COLUMNS,
  mergedActivity,
  mergedChat,
  placeMerged,
  type MergeableChat,
  type Merging,
} from '../rules/merge.ts'
import { LOST } from '../rules/notification.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import { mergedTags, tagChange, tagsOf } from '../rules/tags.ts'
import { writeActivities } from './activity-writer.ts'
import type { SqlDatabase } from './database.ts'
import type { Engine } from './engine.ts'
import type { Tables } from './tables.ts'
import { writeTags } from './tag-writer.ts'

type Trx = Transaction<Tables>

interface Both {
  theirs: MergeableChat
  own: MergeableChat
}

export function merge({ engine, transaction }: SqlDatabase): Pick<VisitorStore, 'mergeVisitor'> {
  /** The users' rows first, so that nobody opens a chat for them meanwhile; then the chats', as every write to a chat does */
  async function lockBoth(trx: Trx, visitorId: string, userId: string): Promise<Partial<Both> | undefined> {
    const users = await trx
      .selectFrom('support_users')
      .select('id')
      .where('id', 'in', [visitorId, userId])
      .orderBy('id')
      .modifyEnd(sql`for update`)
      .execute()
    if (users.length < 2) return undefined
    const chats = await trx
      .selectFrom('support_chats')
      .select('id')
      .where('user_id', 'in', [visitorId, userId])
      .execute()
    const ids = chats.map(({ id }) => id).sort()
    if (ids.length === 0) return undefined
    const { rows } = await engine
      .lockAll<MergeableChat>(sql.table('support_chats'), [...MERGEABLE_COLUMNS], ids)
      .execute(trx)
    const of = (id: string): Partial<Both>['own'] => rows.find(({ user_id }) => user_id === id)
    const [theirs, own] = [of(visitorId), of(userId)]
    return { ...(theirs && { theirs }), ...(own && { own }) }
  }

  return {
    mergeVisitor: (visitorId, userId, at) =>
      transaction(async (trx) => {
        const { theirs, own } = (await lockBoth(trx, visitorId, userId)) ?? {}
        if (!theirs || isUntouched(theirs)) return undefined
        const dropVisitor = () => trx.deleteFrom('support_users').where('id', '=', visitorId).execute()
        if (own && own.last_seq > 0) {
          if (isTooLong(theirs)) return undefined
          await appendChat(trx, engine, { theirs, own }, at)
          await dropVisitor()
          return { chat_id: own.id, gone_chat_id: theirs.id }
        }
        if (own) {
          await trx.deleteFrom('support_webhooks').where('chat_id', '=', own.id).execute()
          await moveActivities(trx, engine, own, theirs)
          await trx.deleteFrom('support_tags').where('chat_id', '=', own.id).execute()
          await writeTags(trx, engine, { id: theirs.id, tags: mergedTags(theirs.tags, own.tags), at })
          await trx.deleteFrom('support_chats').where('id', '=', own.id).execute()
        }
        const merged = own ? { ...mergedActivity(theirs, own), ...assigneeOf(own, theirs) } : theirs
        const { last_activity_seq, last_activity_at, assignee_id, assignee_name } = merged
        const head = {
          last_activity_seq,
          last_activity_at: timeOrNull(engine, last_activity_at),
          assignee_id,
          assignee_name,
          blocked_at: timeOrNull(engine, own ? blockOf(own, theirs) : theirs.blocked_at),
          assistant_off_at: timeOrNull(engine, own ? assistantOffOf(own, theirs) : theirs.assistant_off_at),
        }
        await trx
          .updateTable('support_chats')
          .set({ user_id: userId, ...head, updated_at: engine.time(at) })
          .where('id', '=', theirs.id)
          .execute()
        await trx
          .updateTable('support_messages')
          .set({ sender_id: userId })
          .where('chat_id', '=', theirs.id)
          .where('sender_type', '=', 'user')
          .execute()
        if (own) await tell(trx, engine, { id: theirs.id, head: merged }, { own, theirs, at })
        await moveAttachments(trx, theirs.id, theirs.id, userId)
        if (own) await moveAttachments(trx, own.id, theirs.id, userId)
        await dropVisitor()
        return { chat_id: theirs.id, gone_chat_id: own?.id ?? null }
      }),
  }
}

const timeOrNull = (engine: Engine, iso: string | null) => (iso === null ? null : engine.time(iso))

async function appendChat(trx: Trx, engine: Engine, both: Both, at: string): Promise<void> {
  const { theirs, own } = both
  const ownMails = { reply: await openMails(trx, 'reply', own.id), waiting: await openMails(trx, 'waiting', own.id) }
  const [last_admin_seq, theirReply] = [await lastReply(trx, own.id), await lastReply(trx, theirs.id)]
  const has_open_mail = { reply: ownMails.reply.length > 0, waiting: ownMails.waiting.length > 0 }
  const unread = { last_admin_seq, theirs_has_reply: theirReply > 0, has_open_mail }
  const { id, user_id: _, ...now } = mergedChat(own, theirs, unread)
  await moveMessages(trx, engine, both)
  await moveAttachments(trx, theirs.id, own.id, own.user_id)
  await moveActivities(trx, engine, theirs, own)
  for (const kind of ['reply', 'waiting'] as const) await moveMails(trx, engine, both, kind, ownMails[kind], at)
  await moveWebhooks(trx, both)
  if (theirs.last_seq > 0) await moveAnswer(trx, engine, both, at)
  const time = (iso: string | null) => timeOrNull(engine, iso)
  await trx
    .updateTable('support_chats')
    .set({
      ...now,
      last_message_at: time(now.last_message_at),
      archived_at: time(now.archived_at),
      rated_at: time(now.rated_at),
      blocked_at: time(now.blocked_at),
      assistant_off_at: time(now.assistant_off_at),
      waiting_since: time(now.waiting_since),
      user_read_at: time(now.user_read_at),
      admin_viewed_at: time(now.admin_viewed_at),
      last_activity_at: time(now.last_activity_at),
      updated_at: engine.time(at),
    })
    .where('id', '=', id)
    .execute()
  // The visitor's messages brought it back
  if (own.archived_at !== null && now.archived_at === null)
    await writeActivities(trx, engine, [{ chat_id: id, activity: placeUnarchivedByMessage(now, at) }])
  await tell(trx, engine, { id, head: now }, { own, theirs, at })
  await trx.deleteFrom('support_tags').where('chat_id', '=', theirs.id).execute()
  const tags = mergedTags(own.tags, theirs.tags)
  await writeTags(trx, engine, { id, tags, at })
  const changed = tagChange(tagsOf(own.tags), tags)
  if (changed)
    await writeActivities(trx, engine, [{ chat_id: id, activity: placeTagged(now, changed, { at, actor: null }) }])
  await trx.deleteFrom('support_chats').where('id', '=', theirs.id).execute()
}

/** The seq of the last message of staff; 0: there is none */
async function lastReply(trx: Trx, chatId: string): Promise<number> {
  const last = await trx
    .selectFrom('support_messages')
    .select('seq')
    .where('chat_id', '=', chatId)
    .where('sender_type', '=', 'admin')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.seq ?? 0
}

async function tell(
  trx: Trx,
  engine: Engine,
  { id, head }: { id: string; head: ActivityHead },
  merging: Merging,
): Promise<void> {
  const placed = placeMerged(head, merging).map((activity) => ({ chat_id: id, activity }))
  await writeActivities(trx, engine, placed)
}

/** Those that no message carries keep no client_id: the other chat may have it */
async function moveAttachments(trx: Trx, fromId: string, toId: string, userId: string): Promise<void> {
  const moved = trx.updateTable('support_attachments').where('chat_id', '=', fromId)
  await moved.set({ chat_id: toId, client_id: null }).execute()
  const users = trx.updateTable('support_attachments').where('chat_id', '=', toId).where('sender_type', '=', 'user')
  await users.set({ sender_id: userId }).execute()
}

/** They follow those of the other chat. Its head is moved on by the caller */
async function moveActivities(trx: Trx, engine: Engine, from: MergeableChat, to: MergeableChat): Promise<void> {
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

async function moveMessages(trx: Trx, engine: Engine, { theirs, own }: Both): Promise<void> {
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

const openMails = (trx: Trx, kind: NotificationKind, chatId: string): Promise<OpenMail[]> =>
  trx
    .selectFrom(tableOf(kind))
    .select(['due_at', 'state'])
    .where('chat_id', '=', chatId)
    .where('state', 'in', ['pending', 'claimed', 'sending'])
    .execute()

async function moveMails(
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
async function moveAnswer(trx: Trx, engine: Engine, { theirs, own }: Both, at: string): Promise<void> {
  await trx.deleteFrom('support_answers').where('chat_id', '=', own.id).execute()
  const moved = trx.updateTable('support_answers').where('chat_id', '=', theirs.id)
  await moved
    .set({ chat_id: own.id, seq: sql<number>`seq + ${own.last_seq}`, claim: 0, due_at: engine.time(at) })
    .execute()
}

/** To the ends of the account's queues, in which one at a time is due */
async function moveWebhooks(trx: Trx, { theirs, own }: Both): Promise<void> {
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
