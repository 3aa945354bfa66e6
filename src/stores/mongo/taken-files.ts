// A file goes to a message before the message is stored, so that no other one has it too. Until the chat says that it carries the file, the
// file stays due: where the node dies in between, the file is swept like any other.
import type { AttachmentRecord } from '../../server/ports/store/attachments.ts'
import { isoTime } from '../../server/ports/clock.ts'
import type { NewMessage } from '../../server/ports/store/messages.ts'
import type { MongoDatabase } from './database.ts'
import type { AttachmentDoc } from './documents.ts'

/** Milliseconds that a file stays at least after it was taken */
const TAKEN = 600_000

/** The same for each try to send a message */
const takerOf = ({ id, client_id }: NewMessage): string => client_id ?? id

export const recordOf = ({ _id: id, chat_id, type, ...row }: AttachmentDoc): AttachmentRecord => ({
  id,
  name: row.name,
  type: type ?? '',
  size: row.size,
  width: row.width,
  height: row.height,
  chat_id: chat_id ?? '',
  sender_type: row.sender_type,
  sender_id: row.sender_id,
  message_id: row.message_id,
})

/** @returns the files of a message, of which those that it cannot have are missing, or say so */
export async function takeFiles(db: MongoDatabase, sent: NewMessage): Promise<Map<string, AttachmentRecord>> {
  const { attachment_ids = [], chat_id, sender_id, sender_type, created_at } = sent
  const taken = new Map<string, AttachmentRecord>()
  const taken_by = takerOf(sent)
  const kept = isoTime(Date.parse(created_at) + TAKEN)
  for (const _id of attachment_ids) {
    if (taken.has(_id)) continue
    const row = await db.collection('attachments').findOneAndUpdate(
      {
        _id,
        chat_id,
        sender_id,
        sender_type,
        type: { $ne: null },
        message_id: null,
        $or: [{ taken_by: null }, { taken_by }],
      },
      { $set: { taken_by }, $max: { due_at: kept } },
      { returnDocument: 'after' },
    )
    if (!row) break
    taken.set(_id, recordOf(row))
  }
  return taken
}

/** The message is not stored, so that others may have the files */
export async function releaseFiles(db: MongoDatabase, sent: NewMessage): Promise<void> {
  const { attachment_ids = [] } = sent
  if (attachment_ids.length === 0) return
  await db
    .collection('attachments')
    .updateMany(
      { _id: { $in: [...attachment_ids] }, taken_by: takerOf(sent), message_id: null },
      { $set: { taken_by: null } },
    )
}
