// A visitor's chat goes to an account. All of it is one transaction, so that it happens once or not at all.
import { sql, type Transaction } from 'kysely'
import type { VisitorStore } from '../../server/ports/store/visitors.ts'
import { placeTagged, placeUnarchivedByMessage, type ActivityHead } from '../rules/activity.ts'
import {
  assigneeOf,
  assistantOffOf,
  blockOf,
  isTooLong,
  isUntouched,
  MERGEABLE_COLUMNS,
  mergedActivity,
  mergedChat,
  placeMerged,
  type MergeableChat,
  type Merging,
} from '../rules/merge.ts'
import { mergedTags, tagChange, tagsOf } from '../rules/tags.ts'
import { writeActivities } from './activity-writer.ts'
import type { SqlDatabase } from './database.ts'
import type { Engine } from './engine.ts'
import type { Tables } from './tables.ts'
import { writeTags } from './tag-writer.ts'
import {
  moveActivities,
  moveAnswer,
  moveAttachments,
  moveMails,
  moveMessages,
  moveWebhooks,
  openMails,
  type Both,
} from './merge-moves.ts'

type Trx = Transaction<Tables>

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
    const rows = await engine.lockChats<MergeableChat>(trx, [...MERGEABLE_COLUMNS], ids)
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
