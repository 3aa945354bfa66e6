import type { ActivityStore, NoteOutcome } from '../../server/ports/store/activities.ts'
import { ACTIVITY_COLUMNS, activityOf, isSameNote, placeNote, type ActivityRow } from '../rules/activity.ts'
import { addActivity } from './chat-document.ts'
import { changeChat } from './chat-writer.ts'
import type { MongoDatabase } from './database.ts'
import { slice } from './slices.ts'

const activityFrom = (stored: ActivityRow) =>
  activityOf(Object.fromEntries(ACTIVITY_COLUMNS.map((column) => [column, stored[column]])) as unknown as ActivityRow)

export function activities(db: MongoDatabase): ActivityStore {
  const older = db.collection('activities')
  return {
    addNote: async (sent) =>
      (await changeChat<NoteOutcome>(db, sent.chat_id, async (chat) => {
        const { actor, client_id } = sent
        const known =
          client_id === null
            ? undefined
            : (chat.activities.find((one) => one.client_id === client_id && one.actor_id === actor.id) ??
              (await older.findOne({ chat_id: chat._id, client_id, actor_id: actor.id })))
        if (known) {
          const note = activityFrom(known)
          return { changed: false, result: isSameNote(note, sent) ? { kind: 'repeated', note } : { kind: 'conflict' } }
        }
        const note = placeNote(chat, sent)
        addActivity(chat, note)
        return { changed: true, result: { kind: 'stored', note } }
      })) ?? { kind: 'no_chat' },

    async activities(chatId, range) {
      const chat = await db.collection('chats').findOne({ _id: chatId })
      if (!chat) return { activities: [], has_more: false }
      const { items, has_more } = await slice(older, chatId, chat.activities, chat.last_activity_seq, range)
      return { activities: items.map(activityFrom), has_more }
    },
  }
}
