// A chat's row after messages to it: one statement for all chats of a batch, each once.
import { messagePreview } from '../../protocol/preview.ts'
import type { SenderType } from '../../protocol/types.ts'
import type { Engine } from './engine.ts'
import type { LockedHead } from './read-head.ts'
import type { Time } from './tables.ts'
import type { Kind, Write } from './write.ts'

/** What any message changes, and what it may change besides; by the names of the columns */
interface MovedChat {
  id: string
  last_seq: number
  last_user_seq: number
  last_message_at: Time
  last_message_preview: string
  last_message_sender: SenderType
  waiting_since: Time | null
  archived_at: Time | null
  assignee_id: string | null
  assignee_name: string | null
  assistant_off_at: Time | null
  last_activity_seq: number
  last_activity_at: Time | null
}

// What is long comes last: MariaDB finds a value by reading those before it
const BY_ANY_MESSAGE = {
  last_seq: 'integer',
  last_user_seq: 'integer',
  last_message_at: 'time',
  last_message_sender: 'word',
  waiting_since: 'time',
  last_message_preview: 'text',
} as const satisfies Partial<Record<keyof MovedChat, Kind>>
const IN_ALL: Record<keyof MovedChat, Kind> = {
  id: 'uuid',
  archived_at: 'time',
  assignee_id: 'person',
  assignee_name: 'text',
  assistant_off_at: 'time',
  last_activity_seq: 'integer',
  last_activity_at: 'time',
  ...BY_ANY_MESSAGE,
}
const IN_PART: Record<string, Kind> = { id: 'uuid', ...BY_ANY_MESSAGE }

/** Columns, and the field of a row that each of them gets */
const columnsOf = (kinds: Record<string, Kind>): Record<string, string> => ({
  ...Object.fromEntries(Object.keys(kinds).flatMap((column) => (column === 'id' ? [] : [[column, column]]))),
  updated_at: 'last_message_at',
})

/** @param isMore whether the messages may have changed more than any message does: other columns are not written, which saves their indexes */
export function moveChats(engine: Engine, heads: LockedHead[], isMore: boolean): Write {
  const kinds = isMore ? IN_ALL : IN_PART
  return {
    key: isMore ? 'chats in all' : 'chats',
    name: 'h',
    kinds,
    rows: heads.flatMap((head) => movedChat(engine, head) ?? []),
    statement: (from) => engine.updateChats(from, 'h', columnsOf(kinds)),
  }
}

/** Undefined: no message came to it */
function movedChat(engine: Engine, head: LockedHead): MovedChat | undefined {
  const { last, last_message_at } = head
  if (last === null || last_message_at === null) return undefined
  return {
    id: head.id,
    last_seq: head.last_seq,
    last_user_seq: head.last_user_seq,
    last_message_at: engine.time(last_message_at),
    last_message_preview: messagePreview(last),
    last_message_sender: last.sender_type,
    waiting_since: timeOrNull(engine, head.waiting_since),
    archived_at: timeOrNull(engine, head.archived_at),
    assignee_id: head.assignee_id,
    assignee_name: head.assignee_name,
    assistant_off_at: timeOrNull(engine, head.assistant_off_at),
    last_activity_seq: head.last_activity_seq,
    last_activity_at: timeOrNull(engine, head.last_activity_at),
  }
}

const timeOrNull = (engine: Engine, at: string | null): Time | null => (at === null ? null : engine.time(at))
