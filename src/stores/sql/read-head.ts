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

/** As an ordinary object: drivers make rows whose columns are slow to read and write */
export const headOf = (row: ReadHead): LockedHead => ({
  id: row.id,
  user_id: row.user_id,
  last_seq: row.last_seq,
  last_user_seq: row.last_user_seq,
  last_message_at: row.last_message_at,
  archived_at: row.archived_at,
  assignee_id: row.assignee_id,
  assignee_name: row.assignee_name,
  blocked_at: row.blocked_at,
  tags: row.tags,
  waiting_since: row.waiting_since,
  assistant_off_at: row.assistant_off_at,
  last_activity_seq: row.last_activity_seq,
  last_activity_at: row.last_activity_at,
  last: null,
})
