// What the numbers ask about a chat when it is archived or rated, under its lock.
import type { Transaction } from 'kysely'
import type { Episode, LastReply } from '../rules/numbers.ts'
import type { TagChange } from '../rules/tags.ts'
import type { Tables } from './tables.ts'

/** @param until as the engine writes times; undefined: now */
export function lastReplyOf(trx: Transaction<Tables>, chatId: string, until?: string): Promise<LastReply | undefined> {
  const replies = trx
    .selectFrom('support_messages')
    .select(['sender_id', 'sender_name', 'created_at'])
    .where('chat_id', '=', chatId)
    .where('sender_type', '=', 'admin')
    .where('automated', 'is', null)
  const counted = until === undefined ? replies : replies.where('created_at', '<=', until)
  return counted.orderBy('seq', 'desc').limit(1).executeTakeFirst()
}

/** How a chat's tags changed since it was rated */
export async function tagChangesOf(trx: Transaction<Tables>, chatId: string): Promise<TagChange[]> {
  const activities = trx.selectFrom('support_activities').where('chat_id', '=', chatId)
  const rated = activities.where('kind', '=', 'rated').select((e) => e.fn.max('seq').as('seq'))
  const changes = activities.where('kind', '=', 'tagged').where('seq', '>', rated).select('body').orderBy('seq')
  return (await changes.execute()).map(({ body }) => JSON.parse(body) as TagChange)
}

type Chat = Pick<Episode, 'tags' | 'last_message_at'> & { id: string }

export async function episodeOf(trx: Transaction<Tables>, { id, tags, last_message_at }: Chat): Promise<Episode> {
  const back = await trx
    .selectFrom('support_activities')
    .select('created_at')
    .where('chat_id', '=', id)
    .where('kind', '=', 'unarchived')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const messages = trx.selectFrom('support_messages').select('created_at').where('chat_id', '=', id)
  const began = back ?? (await messages.where('seq', '=', 1).executeTakeFirst())
  return { began_at: began?.created_at ?? '', last_message_at, tags, lastReply: await lastReplyOf(trx, id) }
}
