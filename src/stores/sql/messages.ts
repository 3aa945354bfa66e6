import { sql } from 'kysely'
import type { MessageStore } from '../../server/ports/store/messages.ts'
import { MESSAGE_COLUMNS, messageOf } from '../message-columns.ts'
import { asSeq, isUuid } from '../rules/request-values.ts'
import { append } from './append.ts'
import type { SqlDatabase } from './database.ts'

export function messages(database: SqlDatabase): MessageStore {
  const { db, engine, transaction } = database
  const all = db.selectFrom('support_messages').select(MESSAGE_COLUMNS)
  const chats = db.selectFrom('support_chats').select(['last_seq', 'user_read_seq', 'admin_viewed_seq'])

  // The sender is a literal, since a partial index serves only a query that states its condition
  const unread = (chatId: string) =>
    db
      .selectFrom('support_messages')
      .where('chat_id', '=', chatId)
      .where('sender_type', '=', sql.lit('admin'))
      .where('read_at', 'is', null)
      .where('seq', '>', (e) => e.selectFrom('support_chats').select('user_read_seq').where('id', '=', chatId))

  /**
   * The seq of the last message that is not later than `time`. Times ascend with seq, so a binary search finds it, without an index
   * on times and in one round trip.
   */
  async function lastUntil(chatId: string, time: string): Promise<number> {
    const { rows } = await sql<{ seq: number | null }>`
      with recursive halves (low, high) as (
        select last_seq - last_seq, last_seq + 1 from ${sql.table('support_chats')} where id = ${chatId}
        union all
        select case when m.created_at > ${engine.time(time)} then h.low else m.seq end,
          case when m.created_at > ${engine.time(time)} then m.seq else h.high end
        from halves h join ${sql.table('support_messages')} m on m.chat_id = ${chatId} and m.seq = ((h.low + h.high) >> 1)
        where h.high - h.low > 1
      ) select max(low) as seq from halves`.execute(db)
    return rows[0]?.seq ?? 0
  }

  return {
    ...append(database),

    async messages(chatId, range) {
      if (!isUuid(chatId)) return { messages: [], has_more: false }
      // One row more than asked for tells whether there are more. seq has no holes, so both ends of a page are known: whatever the
      // planner decides, no more than a page is read
      const page = all.where('chat_id', '=', chatId)
      const size = range.limit + 1
      if ('before' in range) {
        const end = sql<number>`(select least(${asSeq(range.before)}, last_seq + 1) from ${sql.table('support_chats')}
          where id = ${chatId})`
        const rows = await page
          .where('seq', '<', end)
          .where('seq', '>=', sql<number>`${end} - ${size}`)
          .orderBy('seq', 'desc')
          .execute()
        return { messages: rows.slice(0, range.limit).map(messageOf).reverse(), has_more: rows.length > range.limit }
      }
      const from = 'after' in range ? asSeq(range.after) : await lastUntil(chatId, range.since)
      const rows = await page
        .where('seq', '>', from)
        .where('seq', '<=', asSeq(from + size))
        .orderBy('seq')
        .execute()
      return { messages: rows.slice(0, range.limit).map(messageOf), has_more: rows.length > range.limit }
    },

    async markRead(chatId, reader, upTo, at) {
      const isUser = reader === 'user'
      const target = (chat: { last_seq: number }) => Math.min(upTo ?? chat.last_seq, chat.last_seq)
      const already = (chat: { user_read_seq: number; admin_viewed_seq: number }) =>
        isUser ? chat.user_read_seq : chat.admin_viewed_seq
      const now = isUuid(chatId) ? await chats.where('id', '=', chatId).executeTakeFirst() : undefined
      // Reading again what was read is the common case and needs no write
      if (!now || already(now) >= target(now)) return { up_to_seq: now ? already(now) : 0, moved: false }
      const time = engine.time(at)
      return transaction(async (trx) => {
        const chat = await trx
          .selectFrom('support_chats')
          .select(['last_seq', 'user_read_seq', 'admin_viewed_seq'])
          .where('id', '=', chatId)
          .modifyEnd(engine.lock)
          .executeTakeFirst()
        // It was erased meanwhile
        if (!chat) return { up_to_seq: 0, moved: false }
        const from = already(chat)
        const to = Math.max(target(chat), from)
        if (to === from) return { up_to_seq: to, moved: false }
        await trx
          .updateTable('support_messages')
          .set({ read_at: time, updated_at: time })
          .where('chat_id', '=', chatId)
          .where('seq', '>', from)
          .where('seq', '<=', to)
          .where('sender_type', '=', sql.lit(isUser ? 'admin' : 'user'))
          .where('read_at', 'is', null)
          .execute()
        const mark = isUser
          ? { user_read_seq: to, user_read_at: time }
          : { admin_viewed_seq: to, admin_viewed_at: time }
        await trx
          .updateTable('support_chats')
          .set({ ...mark, updated_at: time })
          .where('id', '=', chatId)
          .execute()
        return { up_to_seq: to, moved: true }
      })
    },

    async countUnread(chatId) {
      if (!isUuid(chatId)) return 0
      const row = await unread(chatId)
        .select((e) => e.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
      return row.n
    },

    async newestUnread(chatId) {
      if (!isUuid(chatId)) return undefined
      const newest = unread(chatId).select(MESSAGE_COLUMNS).orderBy('seq', 'desc').limit(1)
      const row = await newest.executeTakeFirst()
      return row && messageOf(row)
    },
  }
}
