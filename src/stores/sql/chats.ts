import { sql } from 'kysely'
import type { ChatStore } from '../../server/ports/store/chats.ts'
import { isUuid } from '../rules/request-values.ts'
import { archiving } from '../rules/webhook.ts'
import { chatList } from './chat-list.ts'
import type { SqlDatabase } from './database.ts'
import { outboxStatement } from './outbox.ts'

export function chats(database: SqlDatabase): ChatStore {
  const { db, engine, insist, transaction } = database
  const record = db
    .selectFrom('support_chats as c')
    .innerJoin('support_users as u', 'u.id', 'c.user_id')
    .select(['c.id', 'c.user_id', 'u.email as user_email', 'u.name as user_name', 'c.last_seq', 'c.archived_at'])
    .select(['c.user_read_seq', 'c.user_read_at', 'c.admin_viewed_seq', 'c.admin_viewed_at'])
  const findOf = (userId: string) => record.where('c.user_id', '=', userId).executeTakeFirst()

  return {
    ...chatList(database),

    async openChat(userId, id, at) {
      const known = await findOf(userId)
      if (known) return known
      const now = engine.time(at)
      await insist(() =>
        db
          .insertInto('support_chats')
          .values({ id, user_id: userId, created_at: now, updated_at: now } as never)
          .modifyEnd(engine.onConflictDoNothing({ columns: ['user_id'], anyColumn: 'user_id' }))
          .execute(),
      )
      const chat = await findOf(userId)
      if (!chat) throw new Error('openChat before savePeople')
      return chat
    },
    findChat: async (id) => (isUuid(id) ? record.where('c.id', '=', id).executeTakeFirst() : undefined),
    async findChats(ids) {
      const rows = ids.filter(isUuid).map((id) => ({ id }))
      if (rows.length === 0) return []
      const wanted = engine.rows<{ id: string }>('k', { id: 'uuid' }, rows)
      return record.where('c.id', 'in', sql<string>`(select k.id from ${wanted})`).execute()
    },
    findChatOf: findOf,
    async setArchived(id, archived, at, outbox) {
      if (!isUuid(id)) return false
      const now = engine.time(at)
      const change = async (from: Pick<typeof db, 'updateTable'>): Promise<boolean> => {
        const { numUpdatedRows } = await from
          .updateTable('support_chats')
          .set({ archived_at: archived ? now : null, updated_at: now })
          .where('id', '=', id)
          .where('archived_at', archived ? 'is' : 'is not', null)
          .executeTakeFirst()
        return numUpdatedRows > 0n
      }
      if (!outbox) return insist(() => change(db))
      return transaction(async (trx) => {
        if (!(await change(trx))) return false
        const webhooks = await outboxStatement(trx, engine, [archiving(id, archived, at)], outbox)
        await webhooks?.execute(trx)
        return true
      })
    },
  }
}
