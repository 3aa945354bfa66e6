// What the numbers ask about a chat when it is archived or rated, in the transaction of it.
import type { Episode, LastReply } from '../rules/numbers.ts'
import type { Database } from './database.ts'

export function lastReplyFinder(db: Database): (chatId: string) => LastReply | undefined {
  const find = db.prepare<LastReply>(`SELECT sender_id, sender_name, created_at FROM support_messages
    WHERE chat_id = ? AND sender_type = 'admin' AND automated IS NULL ORDER BY seq DESC LIMIT 1`)
  return (chatId) => find.get(chatId)
}

export function episodeFinder(
  db: Database,
): (chatId: string, chat: Pick<Episode, 'tags' | 'last_message_at'>) => Episode {
  const back = db.prepare<{ at: string }>(`SELECT created_at AS at FROM support_activities
    WHERE chat_id = ? AND kind = 'unarchived' ORDER BY seq DESC LIMIT 1`)
  const first = db.prepare<{ at: string }>(
    'SELECT created_at AS at FROM support_messages WHERE chat_id = ? AND seq = 1',
  )
  const lastReply = lastReplyFinder(db)
  return (chatId, { tags, last_message_at }) => {
    const began = back.get(chatId) ?? first.get(chatId)
    return { began_at: began?.at ?? '', last_message_at, tags, lastReply: lastReply(chatId) }
  }
}
