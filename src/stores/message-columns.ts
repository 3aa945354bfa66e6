// The columns of a message. Every statement that reads or writes messages takes its list from here.
import type { SupportMessage } from '../protocol/types.ts'
import type { NewMessage } from '../server/ports/store/messages.ts'
import { attachmentsOf, attachmentsText } from './rules/attachment.ts'

type Column = keyof SupportMessage

/** A field of SupportMessage that is missing here does not compile */
const COLUMNS: Record<Column, true> = {
  id: true,
  seq: true,
  content: true,
  sender_type: true,
  sender_name: true,
  client_id: true,
  read_at: true,
  created_at: true,
  attachments: true,
  automated: true,
}
export const MESSAGE_COLUMNS = Object.keys(COLUMNS) as Column[]

/** The same of the table's alias `m`, for queries of several tables */
export const MESSAGE_COLUMNS_OF_M = MESSAGE_COLUMNS.map((column) => `m.${column}` as const)

/** A message as it is stored: its attachments are JSON text; `automated` is 1 or null */
export type MessageRow = Omit<SupportMessage, 'attachments' | 'automated'> & {
  attachments: string | null
  automated: number | null
}

export const messageOf = ({ attachments, automated, ...row }: MessageRow): SupportMessage => ({
  ...row,
  attachments: attachmentsOf(attachments),
  ...(automated === 1 && { automated: true }),
})

/** The row that an append inserts. Nobody has read it, and `updated_at` is its `created_at`. */
export type InsertedMessage = Omit<MessageRow, 'read_at'> & Pick<NewMessage, 'chat_id' | 'sender_id'>

/** Field by field: made for each message, and a copy with `...` costs more than all the rest of it */
export const insertedMessage = (
  message: SupportMessage,
  { chat_id, sender_id }: Pick<NewMessage, 'chat_id' | 'sender_id'>,
): InsertedMessage => ({
  chat_id,
  sender_id,
  id: message.id,
  seq: message.seq,
  content: message.content,
  sender_type: message.sender_type,
  sender_name: message.sender_name,
  client_id: message.client_id,
  created_at: message.created_at,
  attachments: attachmentsText(message.attachments),
  automated: message.automated ? 1 : null,
})

export const INSERTED_COLUMNS: (keyof InsertedMessage)[] = [
  'chat_id',
  'sender_id',
  ...MESSAGE_COLUMNS.filter((column) => column !== 'read_at'),
]
