// The part of a chat's row that an append reads.
import type { Head } from '../rules/message.ts'
import type { Versioned } from './engine.ts'

export type LockedHead = Head & { id: string }

/** A chat as it was read */
export type ReadHead = Omit<LockedHead, 'last'>

export type VersionedHead = ReadHead & Versioned

export const HEAD = [
  'id',
  'user_id',
  'last_seq',
  'last_user_seq',
  'last_message_at',
  'archived_at',
  'assignee_id',
  'assignee_name',
  'blocked_at',
  'tags',
  'waiting_since',
  'assistant_off_at',
  'last_activity_seq',
  'last_activity_at',
] as const
