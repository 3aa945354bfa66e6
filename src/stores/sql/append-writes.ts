// What is written with a batch of messages: statements that do not depend on each other.
import { sql } from 'kysely'
import type { NewMessage } from '../../server/ports/store/messages.ts'
import type { OpenTime } from '../../server/ports/store/numbers.ts'
import { INSERTED_COLUMNS, insertedMessage, type InsertedMessage } from '../message-columns.ts'
import { answersDue } from '../rules/answer.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import { countsOf, type Countable } from '../rules/numbers.ts'
import { insertActivities, type ActivityOfChat } from './activity-writer.ts'
import { requestAnswers } from './answers.ts'
import type { Engine } from './engine.ts'
import { moveChats } from './move-chats.ts'
import { countNumbers } from './numbers.ts'
import { pendingNotifications, type PendingNotification } from './pending-notifications.ts'
import type { LockedHead } from './read-head.ts'
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
    moveChats(engine, moved, mayChangeMore(placed, activities)),
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

/** A message of staff may hand the chat over; whatever else changes more than any message does leaves an activity */
const mayChangeMore = (placed: PlacedMessage[], activities: ActivityOfChat[]): boolean =>
  activities.length > 0 || placed.some(({ sent }) => sent.sender_type === 'admin')

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
