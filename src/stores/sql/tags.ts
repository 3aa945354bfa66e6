import { sql } from 'kysely'
import type { TagStore } from '../../server/ports/store/tags.ts'
import { placeTagged } from '../rules/activity.ts'
import { isUuid } from '../rules/request-values.ts'
import { inOrder, tagChange, tagsOf } from '../rules/tags.ts'
import { writeActivities } from './activity-writer.ts'
import type { SqlDatabase } from './database.ts'
import { writeTags } from './tag-writer.ts'

export function tags({ db, engine, transaction }: SqlDatabase): TagStore {
  return {
    async changeTags(chatId, change, tagging) {
      if (!isUuid(chatId)) return undefined
      return transaction(async (trx) => {
        const chats = trx.selectFrom('support_chats').select(['tags', 'last_activity_seq', 'last_activity_at'])
        const chat = await chats.where('id', '=', chatId).modifyEnd(engine.lock).executeTakeFirst()
        if (!chat) return undefined
        const before = tagsOf(chat.tags)
        const after = inOrder(change(before))
        const changed = tagChange(before, after)
        if (!changed) return { tags: after, activity: null }
        await writeTags(trx, engine, { id: chatId, tags: after, at: tagging.at })
        const activity = placeTagged(chat, changed, tagging)
        await writeActivities(trx, engine, [{ chat_id: chatId, activity }])
        return { tags: after, activity }
      })
    },
    async knownTags(limit) {
      const table = sql.table('support_tags')
      // Jumps from each word to the next, however many chats have it
      const { rows } = await sql<{ tag: string }>`with recursive words (tag, n) as (
        select min(tag), 1 from ${table}
        union all select (select min(o.tag) from ${table} as o where o.tag > words.tag), n + 1 from words
        where words.tag is not null and n < ${limit}) select tag from words where tag is not null`.execute(db)
      return rows.map(({ tag }) => tag)
    },
  }
}
