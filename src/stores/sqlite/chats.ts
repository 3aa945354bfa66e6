import type { ChatRecord, ChatStore } from '../../server/ports/store/chats.ts'
import { changesAssignee } from '../rules/assignee.ts'
import { placeArchived, placeAssigned, placeBlocked, type ActivityHead } from '../rules/activity.ts'
import { countsOfArchive } from '../rules/numbers.ts'
import { archiving } from '../rules/webhook.ts'
import { activityWriter } from './activity-writer.ts'
import { chatList } from './chat-list.ts'
import type { Database } from './database.ts'
import { episodeFinder } from './episode.ts'
import { grouped } from './grouped.ts'
import { numbersWriter } from './numbers.ts'
import { outboxWriter } from './outbox.ts'
import { tagMover } from './tag-writer.ts'

const RECORD = `SELECT c.id, c.user_id, u.email AS user_email, u.name AS user_name, c.last_seq, c.last_activity_seq, c.archived_at, c.assignee_id, c.assignee_name,
  c.blocked_at, c.assistant_off_at,
  c.user_read_seq, c.user_read_at, c.admin_viewed_seq, c.admin_viewed_at FROM support_chats c JOIN support_users u ON u.id = c.user_id`

/**
 * The row as an object of the usual kind. `node:sqlite` makes each row a hash table, which takes four times the memory: a record lives as long
 * as the connection that follows its chat.
 */
const recordOf = (row: ChatRecord | undefined): ChatRecord | undefined =>
  row && {
    id: row.id,
    user_id: row.user_id,
    user_email: row.user_email,
    user_name: row.user_name,
    last_seq: row.last_seq,
    last_activity_seq: row.last_activity_seq,
    archived_at: row.archived_at,
    assignee_id: row.assignee_id,
    assignee_name: row.assignee_name,
    blocked_at: row.blocked_at,
    assistant_off_at: row.assistant_off_at,
    user_read_seq: row.user_read_seq,
    user_read_at: row.user_read_at,
    admin_viewed_seq: row.admin_viewed_seq,
    admin_viewed_at: row.admin_viewed_at,
  }

export function chats(db: Database): ChatStore {
  const byId = db.prepare<ChatRecord>(`${RECORD} WHERE c.id = ?`)
  const byIds = db.prepare<ChatRecord>(`${RECORD} WHERE c.id IN (SELECT value FROM json_each(?))`)
  const byUser = db.prepare<ChatRecord>(`${RECORD} WHERE c.user_id = ?`)
  const create = db.prepare(
    'INSERT INTO support_chats (id, user_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?3) ON CONFLICT (user_id) DO NOTHING',
  )
  const isKnown = db.prepare('SELECT 1 FROM support_users WHERE id = ?')
  const head = db.prepare<
    ActivityHead & Pick<ChatRecord, 'archived_at'> & { last_message_at: string | null; tags: string | null }
  >('SELECT archived_at, last_activity_seq, last_activity_at, last_message_at, tags FROM support_chats WHERE id = ?')
  const move = db.prepare(
    'UPDATE support_chats SET archived_at = ?2, waiting_since = NULL, updated_at = ?3 WHERE id = ?1',
  )
  const holder = db.prepare<ActivityHead & Pick<ChatRecord, 'assignee_id'>>(
    'SELECT assignee_id, last_activity_seq, last_activity_at FROM support_chats WHERE id = ?',
  )
  const give = db.prepare(
    `UPDATE support_chats SET assignee_id = ?2, assignee_name = ?3, updated_at = ?4,
      assistant_off_at = CASE WHEN ?2 IS NULL THEN assistant_off_at ELSE coalesce(assistant_off_at, ?4) END WHERE id = ?1`,
  )
  const block = db.prepare('UPDATE support_chats SET blocked_at = ?2, updated_at = ?3 WHERE id = ?1')
  const blockable = db.prepare<ActivityHead & Pick<ChatRecord, 'blocked_at'>>(
    'SELECT blocked_at, last_activity_seq, last_activity_at FROM support_chats WHERE id = ?',
  )
  const writeActivity = activityWriter(db)
  const writeOutbox = outboxWriter(db)
  const moveTags = tagMover(db)
  const episodeOf = episodeFinder(db)
  const writeNumbers = numbersWriter(db)

  const inGroup = grouped(db)

  return {
    ...chatList(db),

    async openChat(userId, id, at) {
      const known = byUser.get(userId)
      if (known) return known
      const chat = await inGroup(() => {
        if (isKnown.get(userId)) create.run(id, userId, at)
        return byUser.get(userId)
      })
      if (!chat) throw new Error('openChat before savePeople')
      return chat
    },
    findChat: async (id) => recordOf(byId.get(id)),
    findChats: async (ids) => byIds.all(JSON.stringify(ids)),
    findChatOf: async (userId) => recordOf(byUser.get(userId)),
    setArchived: async (id, archived, at, { actor = null, outbox, openTime } = {}) =>
      db.transaction(() => {
        const chat = head.get(id)
        if (!chat || (chat.archived_at !== null) === archived) return undefined
        if (archived) writeNumbers(countsOfArchive(episodeOf(id, chat), at, openTime))
        move.run(id, archived ? at : null, at)
        moveTags(id)
        const activity = placeArchived(chat, archived, { at, actor })
        writeActivity(id, activity)
        if (outbox) writeOutbox([archiving(id, archived, at)], outbox)
        return activity
      }),
    assign: async (id, assigning) =>
      db.transaction(() => {
        const { assignee, at } = assigning
        const chat = holder.get(id)
        if (!chat || !changesAssignee(chat, assigning)) return undefined
        give.run(id, assignee?.id ?? null, assignee?.name ?? null, at)
        const activity = placeAssigned(chat, assigning)
        writeActivity(id, activity)
        return activity
      }),
    setBlocked: async (id, blocked, blocking) =>
      db.transaction(() => {
        const chat = blockable.get(id)
        if (!chat || (chat.blocked_at !== null) === blocked) return undefined
        block.run(id, blocked ? blocking.at : null, blocking.at)
        const activity = placeBlocked(chat, blocked, blocking)
        writeActivity(id, activity)
        return activity
      }),
  }
}
