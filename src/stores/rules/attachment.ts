// What every engine does with the files of a message.
import type { SupportAttachment } from '../../protocol/attachments.ts'
import type { AttachmentRecord, StoredAttachment } from '../../server/ports/store/attachments.ts'
import type { NewMessage } from '../../server/ports/store/messages.ts'

/** A row whose content is stored. `due_at`: when it is swept; null: a message carries it */
export const ATTACHMENT_COLUMNS = [
  'id',
  'name',
  'type',
  'size',
  'width',
  'height',
  'chat_id',
  'sender_type',
  'sender_id',
  'message_id',
] as const satisfies (keyof AttachmentRecord)[]

export const storedAttachment = ({ id, name, type, size, width, height }: StoredAttachment): StoredAttachment => ({
  id,
  name,
  type,
  size,
  width,
  height,
})

/** The column `attachments` of a message: JSON; null for most messages, which have none */
export const attachmentsText = (attachments: readonly SupportAttachment[]): string | null =>
  attachments.length === 0 ? null : JSON.stringify(attachments.map(storedAttachment))

/** The server signs the URLs */
export const attachmentsOf = (text: string | null): SupportAttachment[] =>
  text === null ? [] : (JSON.parse(text) as StoredAttachment[]).map(unsigned)

const unsigned = (attachment: StoredAttachment): SupportAttachment => ({ ...storedAttachment(attachment), url: '' })

/**
 * The files that a message carries, in its order, and marks them as taken.
 * @param known rows by their ids, which are locked
 * @returns undefined: one of them is not there, or belongs to another chat, person or message
 */
export function takeAttachments(
  { id, chat_id, sender_id, sender_type, attachment_ids = [] }: NewMessage,
  known: ReadonlyMap<string, AttachmentRecord>,
): SupportAttachment[] | undefined {
  if (attachment_ids.length === 0) return []
  const wanted = attachment_ids.map((attachmentId) => known.get(attachmentId))
  const isUsable = (row: AttachmentRecord | undefined): row is AttachmentRecord =>
    row !== undefined &&
    row.message_id === null &&
    row.chat_id === chat_id &&
    row.sender_id === sender_id &&
    row.sender_type === sender_type
  if (!wanted.every(isUsable) || new Set(wanted).size < wanted.length) return undefined
  for (const row of wanted) row.message_id = id
  return wanted.map(unsigned)
}
