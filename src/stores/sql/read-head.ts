// The part of a chat's row that an append reads.
import type { Head } from '../rules/message.ts'
import type { Kind } from './write.ts'

export type LockedHead = Head & { id: string }

/** A chat as it was read */
export type ReadHead = Omit<LockedHead, 'last'>

export const HEAD_KINDS = {
  id: 'uuid',
  user_id: 'person',
  last_seq: 'integer',
  last_user_seq: 'integer',
  last_message_at: 'time',
  archived_at: 'time',
  assignee_id: 'person',
  assignee_name: 'text',
  blocked_at: 'time',
  tags: 'text',
  waiting_since: 'time',
  assistant_off_at: 'time',
  last_activity_seq: 'integer',
  last_activity_at: 'time',
} as const satisfies Record<keyof ReadHead, Kind>

export const HEAD = Object.keys(HEAD_KINDS) as (keyof ReadHead)[]

/** Of nothing, with all columns */
const BLANK = Object.fromEntries([...HEAD, 'last'].map((column) => [column, null])) as unknown as LockedHead

/** As an ordinary object: drivers make rows whose columns are slow to read and write */
export function headOf(row: ReadHead): LockedHead {
  const head = { ...BLANK }
  const columns: Record<string, unknown> = head as object as Record<string, unknown>
  for (const column of HEAD) columns[column] = row[column]
  return head
}
