// What is written with a batch of messages: statements that do not depend on each other.
import { sql } from 'kysely'
import { messagePreview } from '../../protocol/preview.ts'
import type { SenderType } from '../../protocol/types.ts'
import type { NewMessage } from '../../server/ports/store/messages.ts'
import type { OpenTime } from '../../server/ports/store/numbers.ts'
import { INSERTED_COLUMNS, insertedMessage, type InsertedMessage } from '../message-columns.ts'
import { answersDue } from '../rules/answer.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import { countsOf, type Countable } from '../rules/numbers.ts'
import { insertActivities, type ActivityOfChat } from './activity-writer.ts'
import { requestAnswers } from './answers.ts'
import type { Engine } from './engine.ts'
import { countNumbers } from './numbers.ts'
import { pendingNotifications, type PendingNotification } from './pending-notifications.ts'
import type { LockedHead } from './read-head.ts'
import type { Time } from './tables.ts'
import { moveTags } from './tag-writer.ts'
import { writeOf, type Kind, type Write } from './write.ts'

export interface PlacedMessage extends Countable {
  sent: NewMessage
}

// As text, which costs nothing per batch
const INSERTED = sql.raw(INSERTED_COLUMNS.join(', '))
const INSERTED_OF_M = sql.raw(INSERTED_COLUMNS.map((column) => `m.${column}`).join(', '))

// What is long comes last: MariaDB finds a value by reading those before it
const KINDS: Record<keyof InsertedMessage, Kind> = {
  id: 'uuid',
  chat_id: 'uuid',
  seq: 'integer',
  sender_type: 'word',
  sender_id: 'person',
  sender_name: 'text',
  client_id: 'word',
  created_at: 'time',
  attachments: 'text',
  automated: 'integer',
  content: 'text',
}

/** What a batch changes of a chat */
interface Touch {
  id: string
  last_seq: number
  last_user_seq: number
  last_message_at: Time
  archived_at: Time | null
  preview: string
  sender: SenderType
  assignee_id: string | null
  assignee_name: string | null
  waiting_since: Time | null
  assistant_off_at: Time | null
  last_activity_seq: number
  last_activity_at: Time | null
}

const TOUCH_KINDS: Record<keyof Touch, Kind> = {
  id: 'uuid',
  last_seq: 'integer',
  last_user_seq: 'integer',
  last_message_at: 'time',
  archived_at: 'time',
  sender: 'word',
  assignee_id: 'person',
  assignee_name: 'text',
  waiting_since: 'time',
  assistant_off_at: 'time',
  last_activity_seq: 'integer',
  last_activity_at: 'time',
  preview: 'text',
}

/**
 * @param heads as the messages that were placed left them
 * @returns what moves the chats on, and the rest
 */
export function appendWrites(
  engine: Engine,
  placed: PlacedMessage[],
  heads: Map<string, LockedHead>,
  activities: ActivityOfChat[],
  openTime: OpenTime | undefined,
): [Write, ...Write[]] {
  const moved = [...heads.values()]
  return [
    touchChats(engine, moved),
    insertMessages(engine, placed),
    ...insertActivities(engine, activities),
    ...insertNotifications(engine, placed),
    ...tagMoves(engine, moved),
    ...requestAnswers(engine, answersDue(placed, heads)),
    countNumbers(engine, countsOf(placed, openTime)),
  ]
}

function insertMessages(engine: Engine, placed: PlacedMessage[]): Write {
  const rows = placed.map(({ sent, message }) => {
    const row = insertedMessage(message, sent)
    row.created_at = engine.time(row.created_at)
    return row
  })
  const statement: Write['statement'] = (from) =>
    sql`insert into ${sql.table('support_messages')} (${INSERTED}, updated_at) select ${INSERTED_OF_M}, m.created_at from ${from}`
  return writeOf<InsertedMessage>({ key: 'messages', name: 'm', kinds: KINDS, rows, statement })
}

/** Once per chat and batch */
function touchChats(engine: Engine, heads: LockedHead[]): Write {
  const time = (at: string | null) => (at === null ? null : engine.time(at))
  const rows: Touch[] = []
  for (const head of heads) {
    const { last, last_message_at } = head
    if (last === null || last_message_at === null) continue
    rows.push({
      id: head.id,
      last_seq: head.last_seq,
      last_user_seq: head.last_user_seq,
      last_message_at: engine.time(last_message_at),
      archived_at: time(head.archived_at),
      preview: messagePreview(last),
      sender: last.sender_type,
      assignee_id: head.assignee_id,
      assignee_name: head.assignee_name,
      waiting_since: time(head.waiting_since),
      assistant_off_at: time(head.assistant_off_at),
      last_activity_seq: head.last_activity_seq,
      last_activity_at: time(head.last_activity_at),
    })
  }
  const statement: Write['statement'] = (from) => {
    const column = (name: string, value: string) => sql`${engine.target(name)} = ${sql.ref(`h.${value}`)}`
    const set = sql.join([
      column('last_seq', 'last_seq'),
      column('last_user_seq', 'last_user_seq'),
      column('last_message_at', 'last_message_at'),
      column('archived_at', 'archived_at'),
      column('last_message_preview', 'preview'),
      column('last_message_sender', 'sender'),
      column('assignee_id', 'assignee_id'),
      column('assignee_name', 'assignee_name'),
      column('waiting_since', 'waiting_since'),
      column('assistant_off_at', 'assistant_off_at'),
      column('last_activity_seq', 'last_activity_seq'),
      column('last_activity_at', 'last_activity_at'),
      column('updated_at', 'last_message_at'),
    ])
    return engine.updateFrom(sql`${sql.table('support_chats')} as c`, from, sql`c.id = h.id`, set)
  }
  return writeOf<Touch>({ key: 'chats', name: 'h', kinds: TOUCH_KINDS, rows, statement })
}

/** @returns no statement where no chat has tags */
function tagMoves(engine: Engine, heads: LockedHead[]): Write[] {
  const moved = heads.filter(({ tags, last }) => tags !== null && last !== null)
  return moved.length === 0 ? [] : [moveTags(engine, moved)]
}

/** One pending notification per chat and kind: the first of its burst counts. @returns no statement where none is due */
const insertNotifications = (engine: Engine, placed: PlacedMessage[]): Write[] =>
  Object.values(NOTIFICATION_KINDS).flatMap(({ sender, table }) => {
    const due = placed.filter(({ sent }) => sent.sender_type === sender && sent.notify_at !== null)
    return due.length === 0 ? [] : insertInto(table, engine, due)
  })

function insertInto(table: string, engine: Engine, placed: PlacedMessage[]): Write {
  const first = new Map<string, PendingNotification>()
  for (const { sent, message } of placed) {
    const { id, chat_id, notify_at } = sent
    if (notify_at === null || first.has(chat_id)) continue
    first.set(chat_id, { id, chat_id, due_at: engine.time(notify_at), at: engine.time(message.created_at) })
  }
  return pendingNotifications(engine, table, [...first.values()])
}
