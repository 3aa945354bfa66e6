import { sql } from 'kysely'
import type { ChatStore } from '../../server/ports/store/chats.ts'
import { changesAssignee } from '../rules/assignee.ts'
import { placeArchived, placeAssigned, placeBlocked } from '../rules/activity.ts'
import { countsOfArchive } from '../rules/numbers.ts'
import { isUuid } from '../rules/request-values.ts'
import { archiving } from '../rules/webhook.ts'
import { writeActivities } from './activity-writer.ts'
import { chatList } from './chat-list.ts'
import { chatRecords } from './chat-record.ts'
import type { SqlDatabase } from './database.ts'
import { episodeOf } from './episode.ts'
import { countNumbers } from './numbers.ts'
import { outboxStatement } from './outbox.ts'
import { tagsInArchive } from './tag-writer.ts'

export function chats(database: SqlDatabase): ChatStore {
  const { db, engine, insist, transaction } = database
  const { records, find } = chatRecords(database)
  const findOf = (userId: string) => find('c.user_id', userId)

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
    findChat: async (id) => (isUuid(id) ? find('c.id', id) : undefined),
    async findChats(ids) {
      const rows = ids.filter(isUuid).map((id) => ({ id }))
      if (rows.length === 0) return []
      const wanted = engine.rows<{ id: string }>('k', { id: 'uuid' }, rows)
      return records.where('c.id', 'in', sql<string>`(select k.id from ${wanted})`).execute()
    },
    findChatOf: findOf,
    async setArchived(id, archived, at, { actor = null, outbox, openTime } = {}) {
      if (!isUuid(id)) return undefined
      return transaction(async (trx) => {
        const chats = trx
          .selectFrom('support_chats')
          .select(['archived_at', 'last_activity_seq', 'last_activity_at', 'last_message_at', 'tags'])
        const chat = await chats.where('id', '=', id).modifyEnd(engine.lock).executeTakeFirst()
        if (!chat || (chat.archived_at !== null) === archived) return undefined
        const counts = archived ? countsOfArchive(await episodeOf(trx, { ...chat, id }), at, openTime) : []
        const now = engine.time(at)
        await trx
          .updateTable('support_chats')
          .set({ archived_at: archived ? now : null, waiting_since: null, updated_at: now })
          .where('id', '=', id)
          .execute()
        await tagsInArchive(trx, id, archived)
        const activity = placeArchived(chat, archived, { at, actor })
        await writeActivities(trx, engine, [{ chat_id: id, activity }])
        const webhooks = outbox && (await outboxStatement(trx, engine, [archiving(id, archived, at)], outbox))
        await webhooks?.execute(trx)
        if (counts.length > 0) await engine.run(trx, countNumbers(engine, counts))
        return activity
      })
    },
    async assign(id, assigning) {
      if (!isUuid(id)) return undefined
      return transaction(async (trx) => {
        const { assignee, at } = assigning
        const chats = trx
          .selectFrom('support_chats')
          .select(['assignee_id', 'assistant_off_at', 'last_activity_seq', 'last_activity_at'])
        const chat = await chats.where('id', '=', id).modifyEnd(engine.lock).executeTakeFirst()
        if (!chat || !changesAssignee(chat, assigning)) return undefined
        await trx
          .updateTable('support_chats')
          .set({
            assignee_id: assignee?.id ?? null,
            assignee_name: assignee?.name ?? null,
            ...(assignee && chat.assistant_off_at === null && { assistant_off_at: engine.time(at) }),
            updated_at: engine.time(at),
          })
          .where('id', '=', id)
          .execute()
        const activity = placeAssigned(chat, assigning)
        await writeActivities(trx, engine, [{ chat_id: id, activity }])
        return activity
      })
    },
    async setBlocked(id, blocked, blocking) {
      if (!isUuid(id)) return undefined
      return transaction(async (trx) => {
        const chats = trx.selectFrom('support_chats').select(['blocked_at', 'last_activity_seq', 'last_activity_at'])
        const chat = await chats.where('id', '=', id).modifyEnd(engine.lock).executeTakeFirst()
        if (!chat || (chat.blocked_at !== null) === blocked) return undefined
        const now = engine.time(blocking.at)
        await trx
          .updateTable('support_chats')
          .set({ blocked_at: blocked ? now : null, updated_at: now })
          .where('id', '=', id)
          .execute()
        const activity = placeBlocked(chat, blocked, blocking)
        await writeActivities(trx, engine, [{ chat_id: id, activity }])
        return activity
      })
    },
  }
}
