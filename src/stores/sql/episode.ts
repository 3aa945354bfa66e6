// What the numbers ask about a chat when it is archived or rated, under its lock.
import type { Transaction } from 'kysely'
import type { Episode, LastReply } from '../rules/numbers.ts'
import type { Tables } from './tables.ts'

export const lastReplyOf = (trx: Transaction<Tables>, chatId: string): Promise<LastReply | undefined> =>
  trx
    .selectFrom('support_messages')
    .select(['sender_id', 'sender_name', 'created_at'])
    .where('chat_id', '=', chatId)
    .where('sender_type', '=', 'admin')
    .where('automated', 'is', null)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()

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
