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
