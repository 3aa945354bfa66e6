import type { AttachedBy, AttachmentRecord, AttachmentStore } from '../../server/ports/store/attachments.ts'
import { storedAttachment } from '../rules/attachment.ts'
import { doWhatIsLeft } from './chat-writer.ts'
import type { MongoDatabase } from './database.ts'
import type { AttachmentDoc } from './documents.ts'
import { doEffects } from './effects.ts'
import { isDuplicate } from './errors.ts'
import { recordOf } from './taken-files.ts'
import { giveRoom, takeRoom } from './upload-quotas.ts'

/** A file is gone. An upload may be under way still: its content is deleted once it has come or failed */
export async function dropFiles(db: MongoDatabase, filter: { chat_id: string } | { _id: string }): Promise<void> {
  const attachments = db.collection('attachments')
  const gone = { chat_id: null, client_id: null, name: '' }
  for (const { _id, type, created_at } of await attachments.find(filter).toArray()) {
    const unsent = '_id' in filter ? { message_id: null } : {}
    await attachments.updateOne(
      { _id, type, ...unsent },
      { $set: { ...gone, ...(type !== null && { due_at: created_at }) }, $unset: { upload_key: '' } },
    )
  }
}

const uploadKey = (
  { chat_id, sender_id, sender_type }: Pick<AttachmentDoc, 'chat_id' | 'sender_id' | 'sender_type'>,
  clientId: string,
): string => JSON.stringify([chat_id, sender_type, sender_id, clientId])

export function attachments(db: MongoDatabase): AttachmentStore {
  const collection = db.collection('attachments')
  const recordWhere = async (filter: object): Promise<AttachmentRecord | undefined> => {
    const row = await collection.findOne(filter)
    return row ? recordOf(row) : undefined
  }

  const named = (by: AttachedBy, client_id: string) => recordWhere({ upload_key: uploadKey(by, client_id) })

  async function isTaken(row: AttachmentDoc): Promise<boolean> {
    // A node may have died between the message and this
    const chat = row.taken_by === null ? null : await db.collection('chats').findOne({ _id: row.chat_id ?? '' })
    if (!chat?.effects.files.some(({ id }) => id === row._id)) return false
    await doEffects(db, chat)
    return true
  }

  return {
    async reserveUpload(upload, quota) {
      const { id: _id, due_at, ...row } = upload
      if ((await db.collection('chats').countDocuments({ _id: upload.chat_id }, { limit: 1 })) === 0) return 'no_chat'
      if (quota && !(await takeRoom(db, upload, quota))) return 'too_many'
      const { chat_id, sender_type, sender_id, name, size, created_at } = row
      await collection.insertOne({
        _id,
        chat_id,
        sender_type,
        sender_id,
        name,
        size,
        created_at,
        due_at,
        type: null,
        width: null,
        height: null,
        client_id: null,
        message_id: null,
        taken_by: null,
      })
      if ((await db.collection('chats').countDocuments({ _id: chat_id }, { limit: 1 })) > 0) return 'reserved'
      // The chat was erased meanwhile
      await dropFiles(db, { _id })
      return 'no_chat'
    },

    async finishUpload({ id, type, width, height, client_id, due_at }) {
      for (;;) {
        const row = await collection.findOne({ _id: id, type: null, chat_id: { $ne: null } })
        if (!row || row.chat_id === null) return { kind: 'gone' }
        const { chat_id, sender_id, sender_type } = row
        const before = client_id === null ? undefined : await named({ chat_id, sender_id, sender_type }, client_id)
        if (before) return { kind: 'repeated', attachment: storedAttachment(before) }
        try {
          const { matchedCount } = await collection.updateOne(
            { _id: id, type: null, chat_id },
            {
              $set: {
                type,
                width,
                height,
                client_id,
                due_at,
                ...(client_id !== null && { upload_key: uploadKey(row, client_id) }),
              },
            },
          )
          if (matchedCount === 1)
            return { kind: 'stored', attachment: storedAttachment({ ...recordOf(row), type, width, height }) }
        } catch (error) {
          // Another one was finished under this client_id meanwhile
          if (!isDuplicate(error)) throw error
        }
      }
    },

    async dropUpload(id) {
      await dropFiles(db, { _id: id })
      return (await collection.countDocuments({ _id: id, chat_id: { $ne: null } }, { limit: 1 })) === 0
    },
    findAttachment: (id) => recordWhere({ _id: id, type: { $ne: null }, chat_id: { $ne: null } }),
    findUpload: named,

    async goneAttachments(at, limit) {
      await doWhatIsLeft(db)
      const due = await collection
        .find({ due_at: { $lte: at } })
        .sort({ due_at: 1 })
        .limit(limit)
        .toArray()
      const gone: string[] = []
      for (const row of due) {
        if (await isTaken(row)) continue
        if (row.chat_id !== null) await dropFiles(db, { _id: row._id })
        gone.push(row._id)
      }
      return gone
    },
    async forgetAttachments(ids) {
      const gone = { _id: { $in: ids }, chat_id: null }
      for (const row of await collection.find(gone).toArray()) await giveRoom(db, row)
      await collection.deleteMany(gone)
    },
  }
}
