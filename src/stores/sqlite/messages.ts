import type { MessageStore } from '../../server/ports/store/messages.ts'
import { MESSAGE_COLUMNS, messageOf, type MessageRow } from '../message-columns.ts'
import { append } from './append.ts'
import type { Database } from './database.ts'

const COLUMNS = MESSAGE_COLUMNS.join()

export function messages(db: Database): MessageStore {
  const after = db.prepare<MessageRow>(
    `SELECT ${COLUMNS} FROM support_messages WHERE chat_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
  )
  const before = db.prepare<MessageRow>(
    `SELECT ${COLUMNS} FROM support_messages WHERE chat_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
  )
  const timeOf = db.prepare<{ created_at: string }>(
    'SELECT created_at FROM support_messages WHERE chat_id = ? AND seq = ?',
  )
  const read = db.prepare(`UPDATE support_messages SET read_at = ?5, updated_at = ?5
    WHERE chat_id = ?1 AND seq > ?2 AND seq <= ?3 AND sender_type = ?4 AND read_at IS NULL`)
  const seqs = db.prepare<{ last_seq: number; user_read_seq: number; admin_viewed_seq: number }>(
    'SELECT last_seq, user_read_seq, admin_viewed_seq FROM support_chats WHERE id = ?',
  )
  const setUserRead = db.prepare(
    'UPDATE support_chats SET user_read_seq = ?2, user_read_at = ?3, updated_at = ?3 WHERE id = ?1',
  )
  const setViewed = db.prepare(
    'UPDATE support_chats SET admin_viewed_seq = ?2, admin_viewed_at = ?3, updated_at = ?3 WHERE id = ?1',
  )
  const UNREAD = `FROM support_messages WHERE chat_id = ?1 AND sender_type = 'admin' AND read_at IS NULL
    AND seq > (SELECT user_read_seq FROM support_chats WHERE id = ?1)`
  const countUnread = db.prepare<{ n: number }>(`SELECT count(*) AS n ${UNREAD}`)
  const newestUnread = db.prepare<MessageRow>(`SELECT ${COLUMNS} ${UNREAD} ORDER BY seq DESC LIMIT 1`)

  /**
   * The seq of the last message that is not later than `time`. Times ascend with seq, so a binary search on (chat_id, seq) finds it;
   * an index on times would make every append a fifth slower (measured).
   */
  function lastUntil(chatId: string, time: string): number {
    let low = 0
    let high = (seqs.get(chatId)?.last_seq ?? 0) + 1
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((timeOf.get(chatId, middle)?.created_at ?? '') > time) high = middle
      else low = middle
    }
    return low
  }

  return {
    ...append(db),

    async messages(chatId, range) {
      // One row more than asked for tells whether there are more
      if ('before' in range) {
        const rows = before.all(chatId, range.before, range.limit + 1)
        return { messages: rows.slice(0, range.limit).map(messageOf).reverse(), has_more: rows.length > range.limit }
      }
      const from = 'after' in range ? range.after : lastUntil(chatId, range.since)
      const rows = after.all(chatId, from, range.limit + 1)
      return { messages: rows.slice(0, range.limit).map(messageOf), has_more: rows.length > range.limit }
    },

    markRead: async (chatId, reader, upTo, at) => {
      const target = (chat: { last_seq: number }) => Math.min(upTo ?? chat.last_seq, chat.last_seq)
      const already = (chat: { user_read_seq: number; admin_viewed_seq: number }) =>
        reader === 'user' ? chat.user_read_seq : chat.admin_viewed_seq
      const now = seqs.get(chatId)
      // Reading again what was read is the common case and needs no write
      if (!now || already(now) >= target(now)) return { up_to_seq: now ? already(now) : 0, moved: false }
      return db.transaction(() => {
        const chat = seqs.get(chatId)
        // It was erased meanwhile
        if (!chat) return { up_to_seq: 0, moved: false }
        const to = Math.max(target(chat), already(chat))
        read.run(chatId, already(chat), to, reader === 'user' ? 'admin' : 'user', at)
        ;(reader === 'user' ? setUserRead : setViewed).run(chatId, to, at)
        return { up_to_seq: to, moved: to > already(chat) }
      })
    },
    countUnread: async (chatId) => countUnread.get(chatId)?.n ?? 0,
    async newestUnread(chatId) {
      const row = newestUnread.get(chatId)
      return row && messageOf(row)
    },
  }
}
