import { tagsText } from '../rules/tags.ts'
import type { Database } from './database.ts'

/** @returns gives a chat its tags; called in the transaction of what it belongs to */
export function tagWriter(db: Database): (chatId: string, tags: string[], at: string) => void {
  const keep = db.prepare('UPDATE support_chats SET tags = ?2, updated_at = ?3 WHERE id = ?1')
  const drop = db.prepare('DELETE FROM support_tags WHERE chat_id = ?')
  const add = db.prepare(`INSERT INTO support_tags (chat_id, tag, is_archived, last_message_at)
    SELECT c.id, j.value, c.archived_at IS NOT NULL, c.last_message_at
    FROM support_chats c CROSS JOIN json_each(?2) j WHERE c.id = ?1`)
  return (chatId, tags, at) => {
    keep.run(chatId, tagsText(tags), at)
    drop.run(chatId)
    add.run(chatId, JSON.stringify(tags))
  }
}

/** @returns moves the tags of a chat to its place in the list, after that has changed */
export function tagMover(db: Database): (chatId: string) => void {
  const move = db.prepare(`UPDATE support_tags SET
    (is_archived, last_message_at) = (SELECT archived_at IS NOT NULL, last_message_at FROM support_chats WHERE id = ?1)
    WHERE chat_id = ?1`)
  return (chatId) => void move.run(chatId)
}
