import type { AttachedBy, AttachmentRecord, AttachmentStore, StoredAttachment } from 'deskbell/core'
import type { Attachment, Tables } from './tables.ts'

export function attachmentFacet(tables: Tables): AttachmentStore {
  const finished = (row: Attachment | undefined): AttachmentRecord | undefined =>
    row?.type != null && row.chat_id !== null
      ? { ...shownOf(row), ...byOf(row), message_id: row.message_id }
      : undefined
  const named = (by: AttachedBy, clientId: string): Attachment | undefined =>
    [...tables.open.attachments.values()].find(
      (row) =>
        row.client_id === clientId &&
        row.chat_id === by.chat_id &&
        row.sender_id === by.sender_id &&
        row.sender_type === by.sender_type,
    )

  return {
    async reserveUpload(upload, quota) {
      if (!tables.open.chats.has(upload.chat_id)) return 'no_chat'
      const recent = [...tables.attachments.values()].filter(
        ({ sender_id, sender_type, created_at, is_counted }) =>
          is_counted &&
          sender_id === upload.sender_id &&
          sender_type === upload.sender_type &&
          created_at > (quota?.since ?? ''),
      )
      const bytes = recent.reduce((sum, { size }) => sum + size, upload.size)
      if (quota && (recent.length >= quota.files || bytes > quota.bytes)) return 'too_many'
      const unknown = { type: null, width: null, height: null, client_id: null, message_id: null }
      tables.attachments.set(upload.id, { ...upload, ...unknown, is_counted: quota !== null })
      return 'reserved'
    },
    async finishUpload({ id, ...found }) {
      const row = tables.open.attachments.get(id)
      if (!row || row.chat_id === null) return { kind: 'gone' }
      const before = found.client_id === null ? undefined : named(byOf(row), found.client_id)
      if (before) return { kind: 'repeated', attachment: shownOf(before) }
      Object.assign(row, found)
      return { kind: 'stored', attachment: shownOf(row) }
    },
    async dropUpload(id) {
      const row = tables.open.attachments.get(id)
      if (row?.message_id === null) forgetContent(row)
      return row == null || row.chat_id === null
    },
    findAttachment: async (id) => finished(tables.open.attachments.get(id)),
    findUpload: async (by, clientId) => finished(named(by, clientId)),
    async goneAttachments(at, limit) {
      const due = [...tables.open.attachments.values()].filter(({ due_at }) => due_at !== null && due_at <= at)
      const gone = due.toSorted((a, b) => ((a.due_at ?? '') < (b.due_at ?? '') ? -1 : 1)).slice(0, limit)
      gone.forEach(forgetContent)
      return gone.map(({ id }) => id)
    },
    async forgetAttachments(ids) {
      for (const id of ids) if (tables.open.attachments.get(id)?.chat_id === null) tables.attachments.delete(id)
    },
  }
}

/** The file is gone, and its content is to be deleted: at once, or when its upload has come or failed */
export const forgetContent = (row: Attachment): void =>
  void Object.assign(row, {
    chat_id: null,
    client_id: null,
    name: '',
    due_at: row.type === null ? row.due_at : row.created_at,
  })

/** The files of a chat go with it to another one */
export function moveAttachments(tables: Tables, from: string, to: string, userId: string): void {
  for (const row of tables.attachments.values()) {
    if (row.chat_id !== from) continue
    Object.assign(row, { chat_id: to, client_id: null })
    if (row.sender_type === 'user') row.sender_id = userId
  }
}

export const shownOf = ({ id, name, type, size, width, height }: Attachment): StoredAttachment => ({
  id,
  name,
  type: type ?? '',
  size,
  width,
  height,
})

const byOf = ({ chat_id, sender_type, sender_id }: Attachment): AttachedBy => ({
  chat_id: chat_id ?? '',
  sender_type,
  sender_id,
})
