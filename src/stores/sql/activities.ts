import { sql } from 'kysely'
import type { ActivityStore } from '../../server/ports/store/activities.ts'
import { ACTIVITY_COLUMNS, activityOf, isSameNote, placeNote, type ActivityRow } from '../rules/activity.ts'
import { asSeq, isUuid } from '../rules/request-values.ts'
import { writeActivities } from './activity-writer.ts'
import type { SqlDatabase } from './database.ts'

export function activities({ db, engine, transaction }: SqlDatabase): ActivityStore {
  const ofChat = (from: Pick<typeof db, 'selectFrom'>, chatId: string) =>
    from.selectFrom('support_activities').select(ACTIVITY_COLUMNS).where('chat_id', '=', chatId).$castTo<ActivityRow>()

  return {
    async addNote(sent) {
      const { chat_id, actor, client_id } = sent
      if (!isUuid(chat_id)) return { kind: 'no_chat' }
      return transaction(async (trx) => {
        const heads = trx.selectFrom('support_chats').select(['last_activity_seq', 'last_activity_at'])
        const chat = await heads.where('id', '=', chat_id).modifyEnd(engine.lock).executeTakeFirst()
        if (!chat) return { kind: 'no_chat' }
        if (client_id !== null) {
          const named = ofChat(trx, chat_id).where('actor_id', '=', actor.id).where('client_id', '=', client_id)
          const row = await named.executeTakeFirst()
          const known = row && activityOf(row)
          if (known) return isSameNote(known, sent) ? { kind: 'repeated', note: known } : { kind: 'conflict' }
        }
        const note = placeNote(chat, sent)
        await writeActivities(trx, engine, [{ chat_id, activity: note }])
        return { kind: 'stored', note }
      })
    },

    async activities(chatId, range) {
      if (!isUuid(chatId)) return { activities: [], has_more: false }
      // As with messages, both ends of a page are known, and one row more than asked for tells whether there are more
      const size = range.limit + 1
      const page = ofChat(db, chatId)
      if ('after' in range) {
        const from = asSeq(range.after)
        const rows = await page
          .where('seq', '>', from)
          .where('seq', '<=', asSeq(from + size))
          .orderBy('seq')
          .execute()
        return { activities: rows.slice(0, range.limit).map(activityOf), has_more: rows.length > range.limit }
      }
      const end = sql<number>`(select least(${asSeq(range.before)}, last_activity_seq + 1) from ${sql.table('support_chats')}
        where id = ${chatId})`
      const rows = await page
        .where('seq', '<', end)
        .where('seq', '>=', sql<number>`${end} - ${size}`)
        .orderBy('seq', 'desc')
        .execute()
      const activities = rows.slice(0, range.limit).map(activityOf).reverse()
      return { activities, has_more: rows.length > range.limit }
    },
  }
}
