import type { TaggedOutcome, TagStore } from '../../server/ports/store/tags.ts'
import { placeTagged } from '../rules/activity.ts'
import { inOrder, tagChange } from '../rules/tags.ts'
import { addActivity } from './chat-document.ts'
import { changeChat } from './chat-writer.ts'
import type { MongoDatabase } from './database.ts'

export function tags(db: MongoDatabase): TagStore {
  return {
    changeTags: (chatId, change, tagging) =>
      changeChat<TaggedOutcome>(db, chatId, (chat) => {
        const after = inOrder(change([...chat.tags]))
        const changed = tagChange(chat.tags, after)
        if (!changed) return { changed: false, result: { tags: after, activity: null } }
        chat.tags = after
        chat.updated_at = tagging.at
        const activity = placeTagged(chat, changed, tagging)
        addActivity(chat, activity)
        return { changed: true, result: { tags: after, activity } }
      }),
    knownTags: async (limit) => inOrder(await db.collection('chats').distinct('tags')).slice(0, limit),
  }
}
