import type { TagStore } from '../../server/ports/store/tags.ts'
import { placeTagged, type ActivityHead } from '../rules/activity.ts'
import { inOrder, tagChange, tagsOf } from '../rules/tags.ts'
import { activityWriter } from './activity-writer.ts'
import type { Database } from './database.ts'
import { tagWriter } from './tag-writer.ts'

export function tags(db: Database): TagStore {
  const head = db.prepare<ActivityHead & { tags: string | null }>(
    'SELECT tags, last_activity_seq, last_activity_at FROM support_chats WHERE id = ?',
  )
  // Jumps from each word to the next, however many chats have it
  const known = db.prepare<{ tag: string }>(`WITH RECURSIVE words (tag, n) AS (
    SELECT min(tag), 1 FROM support_tags
    UNION ALL SELECT (SELECT min(o.tag) FROM support_tags o WHERE o.tag > words.tag), n + 1 FROM words
    WHERE words.tag IS NOT NULL AND n < ?1) SELECT tag FROM words WHERE tag IS NOT NULL`)
  const write = tagWriter(db)
  const writeActivity = activityWriter(db)

  return {
    changeTags: (chatId, change, tagging) =>
      db.transaction(() => {
        const chat = head.get(chatId)
        if (!chat) return undefined
        const before = tagsOf(chat.tags)
        const after = inOrder(change(before))
        const changed = tagChange(before, after)
        if (!changed) return { tags: after, activity: null }
        write(chatId, after, tagging.at)
        const activity = placeTagged(chat, changed, tagging)
        writeActivity(chatId, activity)
        return { tags: after, activity }
      }),
    knownTags: async (limit) => known.all(limit).map(({ tag }) => tag),
  }
}
