// What the numbers ask about a chat when it is archived or rated, in the transaction of it.
import type { Episode, LastReply } from '../rules/numbers.ts'
import type { TagChange } from '../rules/tags.ts'
import type { Database } from './database.ts'

export function lastReplyFinder(db: Database): (chatId: string, until?: string) => LastReply | undefined {
  const find = db.prepare<LastReply>(`SELECT sender_id, sender_name, created_at FROM support_messages
    WHERE chat_id = ?1 AND sender_type = 'admin' AND automated IS NULL AND created_at <= coalesce(?2, created_at)
    ORDER BY seq DESC LIMIT 1`)
  return (chatId, until) => find.get(chatId, until ?? null)
}

/** @returns how a chat's tags changed since it was rated */
export function tagChangesFinder(db: Database): (chatId: string) => TagChange[] {
  const find = db.prepare<{ body: string }>(`SELECT body FROM support_activities WHERE chat_id = ?1 AND kind = 'tagged'
    AND seq > (SELECT max(seq) FROM support_activities WHERE chat_id = ?1 AND kind = 'rated') ORDER BY seq`)
  return (chatId) => find.all(chatId).map(({ body }) => JSON.parse(body) as TagChange)
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
