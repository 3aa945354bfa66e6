import type { SupportMessage } from '../../protocol/types.ts'
import type { AppendOutcome, NewMessage } from '../../server/ports/store/messages.ts'
import type { Store } from '../../server/ports/store/store.ts'
import { advance, place, preview, type Head } from '../message-rules.ts'
import type { Database } from './database.ts'

type Messages = Pick<Store, 'appendMessages' | 'messages' | 'markRead' | 'countUnread' | 'newestUnread'>

const COLUMNS = 'id, seq, content, sender_type, sender_name, client_id, read_at, created_at'

export function messages(db: Database): Messages {
  const head = db.prepare<Omit<Head, 'last'>>(
    'SELECT last_seq, last_user_seq, last_message_at, archived_at FROM support_chats WHERE id = ?',
  )
  const insert = db.prepare(`INSERT INTO support_messages
    (id, chat_id, seq, content, sender_type, sender_id, sender_name, client_id, created_at, updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9) ON CONFLICT (chat_id, sender_id, sender_type, client_id) WHERE client_id IS NOT NULL DO NOTHING`)
  const repeated = db.prepare<SupportMessage>(
    `SELECT ${COLUMNS} FROM support_messages WHERE chat_id = ? AND sender_id = ? AND sender_type = ? AND client_id = ?`,
  )
  const touch =
    db.prepare(`UPDATE support_chats SET last_seq = ?2, last_user_seq = ?3, last_message_at = ?4, archived_at = ?5,
    last_message_preview = ?6, last_message_sender = ?7, updated_at = ?4 WHERE id = ?1`)
  const notify = db.prepare(`INSERT INTO support_notifications (id, chat_id, state, due_at, created_at, updated_at)
    VALUES (?1, ?2, 'pending', ?3, ?4, ?4) ON CONFLICT (chat_id) WHERE state = 'pending' DO NOTHING`)
  const after = db.prepare<SupportMessage>(
    `SELECT ${COLUMNS} FROM support_messages WHERE chat_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
  )
  const before = db.prepare<SupportMessage>(
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
  const newestUnread = db.prepare<SupportMessage>(`SELECT ${COLUMNS} ${UNREAD} ORDER BY seq DESC LIMIT 1`)

  function appendOne(m: NewMessage, heads: Map<string, Head>): AppendOutcome {
    let chat = heads.get(m.chat_id)
    if (!chat) {
      const row = head.get(m.chat_id)
      if (!row) return { kind: 'no_chat' }
      heads.set(m.chat_id, (chat = { ...row, last: null }))
    }
    const message = place(m, chat)
    const { seq, created_at } = message
    const { id, content, sender_type, client_id } = m
    if (!insert.run(id, m.chat_id, seq, content, sender_type, m.sender_id, m.sender_name, client_id, created_at)) {
      const before = repeated.get(m.chat_id, m.sender_id, sender_type, client_id)
      return before?.content === content ? { kind: 'repeated', message: before } : { kind: 'conflict' }
    }
    if (m.notify_at !== null) notify.run(id, m.chat_id, m.notify_at, created_at)
    return { kind: 'stored', message, unarchived: advance(chat, m, message) }
  }

  /**
   * The seq of the last message that is no later than `time`. Times ascend with seq, so halving finds it; an index on them would
   * cost a fifth of every append (measured) and say what (chat_id, seq) says.
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
    appendMessages: async (batch) =>
      db.transaction(() => {
        const heads = new Map<string, Head>()
        const outcomes = batch.map((m) => appendOne(m, heads))
        for (const [id, chat] of heads) {
          if (!chat.last) continue
          const { content, sender_type } = chat.last
          touch.run(
            id,
            chat.last_seq,
            chat.last_user_seq,
            chat.last_message_at,
            chat.archived_at,
            preview(content),
            sender_type,
          )
        }
        return outcomes
      }),

    async messages(chatId, query) {
      // One row more than asked for tells whether there are more
      if ('before' in query) {
        const rows = before.all(chatId, query.before, query.limit + 1)
        return { messages: rows.slice(0, query.limit).reverse(), has_more: rows.length > query.limit }
      }
      const from = 'after' in query ? query.after : lastUntil(chatId, query.since)
      const rows = after.all(chatId, from, query.limit + 1)
      return { messages: rows.slice(0, query.limit), has_more: rows.length > query.limit }
    },

    markRead: async (chatId, reader, upTo, at) => {
      const target = (chat: { last_seq: number }) => Math.min(upTo ?? chat.last_seq, chat.last_seq)
      const already = (chat: { user_read_seq: number; admin_viewed_seq: number }) =>
        reader === 'user' ? chat.user_read_seq : chat.admin_viewed_seq
      const now = seqs.get(chatId)
      // Looking again at what was read is the common case and needs no write
      if (!now || already(now) >= target(now)) return { up_to_seq: now ? already(now) : 0, moved: false }
      return db.transaction(() => {
        const chat = seqs.get(chatId) ?? now
        const to = Math.max(target(chat), already(chat))
        read.run(chatId, already(chat), to, reader === 'user' ? 'admin' : 'user', at)
        ;(reader === 'user' ? setUserRead : setViewed).run(chatId, to, at)
        return { up_to_seq: to, moved: to > already(chat) }
      })
    },
    countUnread: async (chatId) => countUnread.get(chatId)?.n ?? 0,
    newestUnread: async (chatId) => newestUnread.get(chatId),
  }
}
