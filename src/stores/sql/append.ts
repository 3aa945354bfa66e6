// A batch of messages in a constant number of round trips, whatever its size: lock the chats, find what was sent before, decide here,
// write.
import { sql, type RawBuilder, type Transaction } from 'kysely'
import { messagePreview } from '../../protocol/preview.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import type { AppendOutcome, MessageStore, NewMessage } from '../../server/ports/store/messages.ts'
import type { AttachmentRecord } from '../../server/ports/store/attachments.ts'
import {
  INSERTED_COLUMNS,
  insertedMessage,
  MESSAGE_COLUMNS_OF_M,
  messageOf,
  type InsertedMessage,
  type MessageRow,
} from '../message-columns.ts'
import { ATTACHMENT_COLUMNS, takeAttachments } from '../rules/attachment.ts'
import { answersDue } from '../rules/answer.ts'
import {
  activitiesOf,
  advance,
  isOvertaken,
  isRefused,
  isSameMessage,
  isTheirChat,
  place,
  type Head,
} from '../rules/message.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import { isUuid } from '../rules/request-values.ts'
import { countsOf, endWait, type Countable } from '../rules/numbers.ts'
import { happeningsOf } from '../rules/webhook.ts'
import { writeActivities, type ActivityOfChat } from './activity-writer.ts'
import { requestAnswers } from './answers.ts'
import type { SqlDatabase } from './database.ts'
import type { Engine, Kind } from './engine.ts'
import { countNumbers } from './numbers.ts'
import { outboxStatement } from './outbox.ts'
import { pendingNotifications, type PendingNotification } from './pending-notifications.ts'
import { moveTags } from './tag-writer.ts'
import type { Tables } from './tables.ts'
import type { PlacedInChat } from './word-index.ts'

type LockedHead = Head & { id: string }

/** What a client_id belongs to, and the client_id */
type ClientKey = Pick<NewMessage, 'chat_id' | 'sender_id' | 'sender_type' | 'client_id'>
const keyOf = (m: ClientKey): string => `${m.chat_id}\0${m.sender_type}\0${m.sender_id}\0${m.client_id}`

/** Messages by `keyOf` */
type KnownMessages = Map<string, SupportMessage>

type Statement = RawBuilder<unknown>

interface PlacedMessage extends Countable {
  sent: NewMessage
}

// As text, which costs nothing per batch
const KNOWN = sql.raw(MESSAGE_COLUMNS_OF_M.join(', '))
const INSERTED = sql.raw(INSERTED_COLUMNS.join(', '))
const INSERTED_OF_M = sql.raw(INSERTED_COLUMNS.map((column) => `m.${column}`).join(', '))

const HEAD = [
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

const KINDS: Record<keyof InsertedMessage, Kind> = {
  id: 'uuid',
  chat_id: 'uuid',
  seq: 'integer',
  content: 'text',
  sender_type: 'word',
  sender_id: 'person',
  sender_name: 'text',
  client_id: 'word',
  created_at: 'time',
  attachments: 'text',
  automated: 'integer',
}

export function append({ engine, transaction, isIndexing }: SqlDatabase): Pick<MessageStore, 'appendMessages'> {
  return {
    async appendMessages(batch, outbox, openTime) {
      const chatIds = [...new Set(batch.map((m) => m.chat_id).filter(isUuid))]
      if (chatIds.length === 0) return batch.map(() => ({ kind: 'no_chat' }))
      return transaction(async (trx) => {
        const heads = await lockHeads(trx, engine, chatIds)
        const known = await findKnown(trx, engine, batch)
        const files = await lockAttachments(trx, batch)
        const placed: PlacedMessage[] = []
        const outcomes = batch.map((m) => decide(m, { heads, known, files, placed }))
        if (placed.length > 0) {
          const webhooks = outbox && (await outboxStatement(trx, engine, happeningsOf(batch, outcomes), outbox))
          const writes = [
            ...(isIndexing ? (engine.words?.appended(placed.map(inChat)) ?? []) : []),
            insertMessages(engine, placed),
            touchChats(engine, [...heads.values()]),
            ...insertNotifications(engine, placed),
            ...tagMoves(engine, [...heads.values()]),
            ...requestAnswers(engine, answersDue(placed, heads)),
            ...(webhooks ? [webhooks] : []),
            countNumbers(engine, countsOf(placed, openTime)),
          ]
          for (const statement of engine.together(writes)) await statement.execute(trx)
          await writeActivities(trx, engine, activitiesBy(batch, outcomes))
          await giveAttachments(trx, placed)
        }
        return outcomes
      })
    },
  }
}

const inChat = ({ sent: { chat_id }, message: { id, seq, content } }: PlacedMessage): PlacedInChat => ({
  id,
  chat_id,
  seq,
  content,
})

/** Few batches have any */
const activitiesBy = (batch: NewMessage[], outcomes: AppendOutcome[]): ActivityOfChat[] =>
  outcomes.flatMap((outcome, i) => {
    const chat_id = batch[i]?.chat_id
    if (outcome.kind !== 'stored' || chat_id === undefined) return []
    return activitiesOf(outcome).map((activity) => ({ chat_id, activity }))
  })

/** In order of their ids, so that two batches never wait for each other */
async function lockHeads(trx: Transaction<Tables>, engine: Engine, ids: string[]): Promise<Map<string, LockedHead>> {
  const { rows } = await engine
    .lockAll<Omit<LockedHead, 'last'>>(sql.table('support_chats'), [...HEAD], ids.sort())
    .execute(trx)
  return new Map(rows.map((row) => [row.id, { ...row, last: null }]))
}

/** Read under the lock: nobody else can add one to these chats */
async function findKnown(trx: Transaction<Tables>, engine: Engine, batch: NewMessage[]): Promise<KnownMessages> {
  const named = batch.filter((m) => m.client_id !== null && isUuid(m.chat_id))
  if (named.length === 0) return new Map()
  const kinds = { chat_id: 'uuid', sender_id: 'person', sender_type: 'word', client_id: 'word' } as const
  const keys = engine.rows<ClientKey>('k', kinds, named)
  const { rows } = await sql<MessageRow & { chat_id: string; sender_id: string }>`
    select m.chat_id, m.sender_id, ${KNOWN}
    from ${keys} join ${sql.table('support_messages')} as m
    on m.chat_id = k.chat_id and m.sender_id = k.sender_id and m.sender_type = k.sender_type and m.client_id = k.client_id`.execute(
    trx,
  )
  return new Map(rows.map(({ chat_id, sender_id, ...row }) => [keyOf({ ...row, chat_id, sender_id }), messageOf(row)]))
}

/** Few batches have any. Locked against a sweep, in order of their ids */
async function lockAttachments(trx: Transaction<Tables>, batch: NewMessage[]): Promise<Map<string, AttachmentRecord>> {
  const ids = batch.flatMap((m) => m.attachment_ids ?? []).filter(isUuid)
  if (ids.length === 0) return new Map()
  const rows = await trx
    .selectFrom('support_attachments')
    .select(ATTACHMENT_COLUMNS)
    .where('id', 'in', ids)
    .where('type', 'is not', null)
    .orderBy('id')
    .modifyEnd(sql`for update`)
    .$castTo<AttachmentRecord>()
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

async function giveAttachments(trx: Transaction<Tables>, placed: PlacedMessage[]): Promise<void> {
  for (const { message } of placed) {
    const ids = message.attachments.map(({ id }) => id)
    if (ids.length === 0) continue
    const taken = trx.updateTable('support_attachments').where('id', 'in', ids)
    await taken.set({ message_id: message.id, due_at: null }).execute()
  }
}

/** What a batch is decided by */
interface Found {
  heads: Map<string, LockedHead>
  known: KnownMessages
  files: Map<string, AttachmentRecord>
  placed: PlacedMessage[]
}

function decide(sent: NewMessage, { heads, known, files, placed }: Found): AppendOutcome {
  const chat = heads.get(sent.chat_id)
  if (!chat || !isTheirChat(sent, chat)) return { kind: 'no_chat' }
  const before = sent.client_id === null ? undefined : known.get(keyOf(sent))
  if (before) return isSameMessage(before, sent) ? { kind: 'repeated', message: before } : { kind: 'conflict' }
  if (isRefused(sent, chat)) return { kind: 'blocked' }
  if (isOvertaken(sent, chat)) return { kind: 'overtaken' }
  const attachments = takeAttachments(sent, files)
  if (!attachments) return { kind: 'no_attachment' }
  const message = place(sent, chat, attachments)
  if (sent.client_id !== null) known.set(keyOf(sent), message)
  placed.push({ sent, message, waited: endWait(chat, message, sent.hands_over), tags: chat.tags })
  return { kind: 'stored', message, ...advance(chat, sent, message) }
}

function insertMessages(engine: Engine, placed: PlacedMessage[]): Statement {
  const rows = placed.map(({ sent, message }): InsertedMessage => ({
    ...insertedMessage(message, sent),
    created_at: engine.time(message.created_at),
  }))
  return sql`insert into ${sql.table('support_messages')} (${INSERTED}, updated_at)
    select ${INSERTED_OF_M}, m.created_at from ${engine.rows<InsertedMessage>('m', KINDS, rows)}`
}

/** Once per chat and batch */
function touchChats(engine: Engine, heads: LockedHead[]): Statement {
  const rows = heads.flatMap(({ id, last, last_seq, last_user_seq, last_message_at, archived_at, ...head }) =>
    last === null || last_message_at === null
      ? []
      : {
          id,
          last_seq,
          last_user_seq,
          last_message_at: engine.time(last_message_at),
          archived_at: archived_at === null ? null : engine.time(archived_at),
          preview: messagePreview(last),
          sender: last.sender_type,
          assignee_id: head.assignee_id,
          assignee_name: head.assignee_name,
          waiting_since: head.waiting_since === null ? null : engine.time(head.waiting_since),
          assistant_off_at: head.assistant_off_at === null ? null : engine.time(head.assistant_off_at),
        },
  )
  type Row = (typeof rows)[number]
  const moved = engine.rows<Row>(
    'h',
    {
      id: 'uuid',
      last_seq: 'integer',
      last_user_seq: 'integer',
      last_message_at: 'time',
      archived_at: 'time',
      preview: 'text',
      sender: 'word',
      assignee_id: 'person',
      assignee_name: 'text',
      waiting_since: 'time',
      assistant_off_at: 'time',
    },
    rows,
  )
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
    column('updated_at', 'last_message_at'),
  ])
  return engine.updateFrom(sql`${sql.table('support_chats')} as c`, moved, sql`c.id = h.id`, set)
}

/** @returns no statement where no chat has tags */
function tagMoves(engine: Engine, heads: LockedHead[]): Statement[] {
  const moved = heads.filter(({ tags, last }) => tags !== null && last !== null)
  return moved.length === 0 ? [] : [moveTags(engine, moved)]
}

/** One pending notification per chat and kind: the first of its burst counts. @returns no statement where none is due */
const insertNotifications = (engine: Engine, placed: PlacedMessage[]): Statement[] =>
  Object.values(NOTIFICATION_KINDS).flatMap(({ sender, table }) => {
    const due = placed.filter(({ sent }) => sent.sender_type === sender && sent.notify_at !== null)
    return due.length === 0 ? [] : insertInto(table, engine, due)
  })

function insertInto(table: string, engine: Engine, placed: PlacedMessage[]): Statement {
  const first = new Map<string, PendingNotification>()
  for (const { sent, message } of placed) {
    const { id, chat_id, notify_at } = sent
    if (notify_at === null || first.has(chat_id)) continue
    first.set(chat_id, { id, chat_id, due_at: engine.time(notify_at), at: engine.time(message.created_at) })
  }
  return pendingNotifications(engine, table, [...first.values()])
}
