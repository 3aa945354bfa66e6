import type { SupportActivity } from '../../protocol/activity.ts'
import { ACTIVITY_COLUMNS, activityRow } from '../rules/activity.ts'
import type { Database } from './database.ts'

/** @returns writes an activity that was placed, and moves its chat's head on; called in the transaction of what it tells of */
export function activityWriter(db: Database): (chatId: string, activity: SupportActivity) => void {
  const insert = db.prepare(`INSERT INTO support_activities (chat_id, ${ACTIVITY_COLUMNS.join()})
    VALUES (?, ${ACTIVITY_COLUMNS.map(() => '?').join()})`)
  const moveOn = db.prepare('UPDATE support_chats SET last_activity_seq = ?2, last_activity_at = ?3 WHERE id = ?1')
  return (chatId, activity) => {
    const row = activityRow(activity)
    insert.run(chatId, ...ACTIVITY_COLUMNS.map((column) => row[column]))
    moveOn.run(chatId, row.seq, row.created_at)
  }
}
