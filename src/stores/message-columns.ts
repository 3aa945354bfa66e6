// The columns of a message. Every statement that reads or writes messages takes its list from here.
import type { SupportMessage } from '../protocol/types.ts'
import type { NewMessage } from '../server/ports/store/messages.ts'

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
}
export const MESSAGE_COLUMNS = Object.keys(COLUMNS) as Column[]

/** The same of the table's alias `m`, for queries of several tables */
export const MESSAGE_COLUMNS_OF_M = MESSAGE_COLUMNS.map((column) => `m.${column}` as const)

/** The row that an append inserts. Nobody has read it, and `updated_at` is its `created_at`. */
export type InsertedMessage = Omit<SupportMessage, 'read_at'> & Pick<NewMessage, 'chat_id' | 'sender_id'>

export const INSERTED_COLUMNS: (keyof InsertedMessage)[] = [
  'chat_id',
  'sender_id',
  ...MESSAGE_COLUMNS.filter((column) => column !== 'read_at'),
]
