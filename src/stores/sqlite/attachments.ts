import type { AttachmentRecord, AttachmentStore } from '../../server/ports/store/attachments.ts'
import { ATTACHMENT_COLUMNS, storedAttachment } from '../rules/attachment.ts'
import type { Database } from './database.ts'
import { grouped } from './grouped.ts'

/** What every row of a file that is gone says. An upload may be under way still: its content is deleted once it has come or failed */
export const GONE_ATTACHMENT =
  "chat_id = NULL, client_id = NULL, name = '', due_at = CASE WHEN type IS NULL THEN due_at ELSE created_at END"

/** How long an upload waits for others (ms): it takes longer anyway */
const COLLECT = 10

export function attachments(db: Database): AttachmentStore {
  const SELECT = `SELECT ${ATTACHMENT_COLUMNS.join()} FROM support_attachments`
  const isChat = db.prepare('SELECT 1 FROM support_chats WHERE id = ?')
  const used = db.prepare<{ files: number; bytes: number }>(`SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes
    FROM support_attachments WHERE sender_id = ? AND sender_type = ? AND created_at > ? AND uncounted IS NULL`)
  const reserve =
    db.prepare(`INSERT INTO support_attachments (id, chat_id, sender_type, sender_id, name, size, created_at, due_at, uncounted)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const open = db.prepare<AttachmentRecord>(`${SELECT} WHERE id = ? AND type IS NULL AND chat_id IS NOT NULL`)
  const finished = db.prepare<AttachmentRecord>(`${SELECT} WHERE id = ? AND type IS NOT NULL AND chat_id IS NOT NULL`)
  const named = db.prepare<AttachmentRecord>(
    `${SELECT} WHERE chat_id = ? AND sender_id = ? AND sender_type = ? AND client_id = ?`,
  )
  const finish = db.prepare(
    'UPDATE support_attachments SET type = ?2, width = ?3, height = ?4, client_id = ?5, due_at = ?6 WHERE id = ?1',
  )
  const drop = db.prepare(`UPDATE support_attachments SET ${GONE_ATTACHMENT} WHERE id = ? AND message_id IS NULL`)
  const isThere = db.prepare('SELECT 1 FROM support_attachments WHERE id = ? AND chat_id IS NOT NULL')
  const due = db.prepare<{ id: string }>('SELECT id FROM support_attachments WHERE due_at <= ? ORDER BY due_at LIMIT ?')
  const inGroup = grouped(db, COLLECT)
  const forget = db.prepare('DELETE FROM support_attachments WHERE id = ? AND chat_id IS NULL')

  return {
    reserveUpload: (upload, quota) =>
      inGroup(() => {
        const { id, chat_id, sender_type, sender_id, name, size, created_at, due_at } = upload
        if (!isChat.get(chat_id)) return 'no_chat'
        const { files, bytes } = (quota && used.get(sender_id, sender_type, quota.since)) ?? { files: 0, bytes: 0 }
        if (quota && (files >= quota.files || bytes + size > quota.bytes)) return 'too_many'
        reserve.run(id, chat_id, sender_type, sender_id, name, size, created_at, due_at, quota === null ? 1 : null)
        return 'reserved'
      }),

    finishUpload: ({ id, type, width, height, client_id, due_at }) =>
      inGroup(() => {
        const row = open.get(id)
        if (!row) return { kind: 'gone' }
        const { chat_id, sender_id, sender_type } = row
        const before = client_id === null ? undefined : named.get(chat_id, sender_id, sender_type, client_id)
        if (before) return { kind: 'repeated', attachment: storedAttachment(before) }
        finish.run(id, type, width, height, client_id, due_at)
        return { kind: 'stored', attachment: storedAttachment({ ...row, type, width, height }) }
      }),

    dropUpload: (id) =>
      db.transaction(() => {
        drop.run(id)
        return !isThere.get(id)
      }),
    findAttachment: async (id) => finished.get(id),
    findUpload: async ({ chat_id, sender_id, sender_type }, clientId) =>
      named.get(chat_id, sender_id, sender_type, clientId),

    async goneAttachments(at, limit) {
      // Mostly nothing is due, and that needs no write
      if (!due.get(at, 1)) return []
      return db.transaction(() => {
        const ids = due.all(at, limit).map(({ id }) => id)
        for (const id of ids) drop.run(id)
        return ids
      })
    },
    forgetAttachments: async (ids) => {
      await db.transaction(() => ids.forEach((id) => forget.run(id)))
    },
  }
}
