import type { ActivityStore } from '../../server/ports/store/activities.ts'
import {
  ACTIVITY_COLUMNS,
  activityOf,
  isSameNote,
  placeNote,
  type ActivityHead,
  type ActivityRow,
} from '../rules/activity.ts'
import { activityWriter } from './activity-writer.ts'
import type { Database } from './database.ts'

export function activities(db: Database): ActivityStore {
  const all = `SELECT ${ACTIVITY_COLUMNS.join()} FROM support_activities WHERE chat_id = ?`
  const after = db.prepare<ActivityRow>(`${all} AND seq > ? ORDER BY seq LIMIT ?`)
  const before = db.prepare<ActivityRow>(`${all} AND seq < ? ORDER BY seq DESC LIMIT ?`)
  const named = db.prepare<ActivityRow>(`${all} AND actor_id = ? AND client_id = ?`)
  const head = db.prepare<ActivityHead>('SELECT last_activity_seq, last_activity_at FROM support_chats WHERE id = ?')
  const write = activityWriter(db)

  return {
    addNote: (sent) =>
      db.transaction(() => {
        const chat = head.get(sent.chat_id)
        if (!chat) return { kind: 'no_chat' }
        const row = sent.client_id === null ? undefined : named.get(sent.chat_id, sent.actor.id, sent.client_id)
        const known = row && activityOf(row)
        if (known) return isSameNote(known, sent) ? { kind: 'repeated', note: known } : { kind: 'conflict' }
        const note = placeNote(chat, sent)
        write(sent.chat_id, note)
        return { kind: 'stored', note }
      }),

    async activities(chatId, range) {
      // One row more than asked for tells whether there are more
      const size = range.limit + 1
      const rows = 'after' in range ? after.all(chatId, range.after, size) : before.all(chatId, range.before, size)
      const page = rows.slice(0, range.limit).map(activityOf)
      return { activities: 'after' in range ? page : page.reverse(), has_more: rows.length > range.limit }
    },
  }
}
