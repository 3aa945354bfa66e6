// A batch of messages in a constant number of round trips, whatever its size: lock the chats, find what was sent before, decide here,
// write.
import { sql, type RawBuilder, type Transaction } from 'kysely'
import { preview } from '../../protocol/preview.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import type { AppendOutcome, MessageStore, NewMessage } from '../../server/ports/store/messages.ts'
import { INSERTED_COLUMNS, MESSAGE_COLUMNS_OF_M, type InsertedMessage } from '../message-columns.ts'
import { advance, isSameMessage, isTheirChat, place, type Head } from '../rules/message.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import { isUuid } from '../rules/request-values.ts'
import { happeningsOf } from '../rules/webhook.ts'
import type { SqlDatabase } from './database.ts'
import type { Engine, Kind } from './engine.ts'
import { outboxStatement } from './outbox.ts'
import type { Tables } from './tables.ts'

type LockedHead = Head & { id: string }

/** What a client_id belongs to, and the client_id */
type ClientKey = Pick<NewMessage, 'chat_id' | 'sender_id' | 'sender_type' | 'client_id'>
const keyOf = (m: ClientKey): string => `${m.chat_id}\0${m.sender_type}\0${m.sender_id}\0${m.client_id}`

/** Messages by `keyOf` */
type KnownMessages = Map<string, SupportMessage>

type Statement = RawBuilder<unknown>

interface PlacedMessage {
  sent: NewMessage
  message: SupportMessage
}

// As text, which costs nothing per batch
const KNOWN = sql.raw(MESSAGE_COLUMNS_OF_M.join(', '))
const INSERTED = sql.raw(INSERTED_COLUMNS.join(', '))
const INSERTED_OF_M = sql.raw(INSERTED_COLUMNS.map((column) => `m.${column}`).join(', '))

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
}

export function append({ engine, transaction }: SqlDatabase): Pick<MessageStore, 'appendMessages'> {
  return {
    async appendMessages(batch, outbox) {
      const chatIds = [...new Set(batch.map((m) => m.chat_id).filter(isUuid))]
      if (chatIds.length === 0) return batch.map(() => ({ kind: 'no_chat' }))
      return transaction(async (trx) => {
        const heads = await lockHeads(trx, engine, chatIds)
        const known = await findKnown(trx, engine, batch)
        const placed: PlacedMessage[] = []
        const outcomes = batch.map((m) => decide(m, heads, known, placed))
        if (placed.length > 0) {
          const webhooks = outbox && (await outboxStatement(trx, engine, happeningsOf(batch, outcomes), outbox))
          const writes = [
            insertMessages(engine, placed),
            touchChats(engine, [...heads.values()]),
            ...insertNotifications(engine, placed),
            ...(webhooks ? [webhooks] : []),
          ]
          for (const statement of engine.together(writes)) await statement.execute(trx)
        }
        return outcomes
      })
    },
  }
}

/** In order of their ids, so that two batches never wait for each other */
async function lockHeads(trx: Transaction<Tables>, engine: Engine, ids: string[]): Promise<Map<string, LockedHead>> {
  const { rows } = await engine
    .lockAll<Omit<LockedHead, 'last'>>(
      sql.table('support_chats'),
      ['id', 'user_id', 'last_seq', 'last_user_seq', 'last_message_at', 'archived_at'],
      ids.sort(),
    )
    .execute(trx)
  return new Map(rows.map((row) => [row.id, { ...row, last: null }]))
}

/** Read under the lock: nobody else can add one to these chats */
async function findKnown(trx: Transaction<Tables>, engine: Engine, batch: NewMessage[]): Promise<KnownMessages> {
  const named = batch.filter((m) => m.client_id !== null && isUuid(m.chat_id))
  if (named.length === 0) return new Map()
  const kinds = { chat_id: 'uuid', sender_id: 'person', sender_type: 'word', client_id: 'word' } as const
  const keys = engine.rows<ClientKey>('k', kinds, named)
  const { rows } = await sql<SupportMessage & { chat_id: string; sender_id: string }>`
    select m.chat_id, m.sender_id, ${KNOWN}
    from ${keys} join ${sql.table('support_messages')} as m
    on m.chat_id = k.chat_id and m.sender_id = k.sender_id and m.sender_type = k.sender_type and m.client_id = k.client_id`.execute(
    trx,
  )
  return new Map(rows.map(({ chat_id, sender_id, ...message }) => [keyOf({ ...message, chat_id, sender_id }), message]))
}

function decide(
  sent: NewMessage,
  heads: Map<string, LockedHead>,
  known: KnownMessages,
  placed: PlacedMessage[],
): AppendOutcome {
  const chat = heads.get(sent.chat_id)
  if (!chat || !isTheirChat(sent, chat)) return { kind: 'no_chat' }
  const before = sent.client_id === null ? undefined : known.get(keyOf(sent))
  if (before) return isSameMessage(before, sent) ? { kind: 'repeated', message: before } : { kind: 'conflict' }
  const message = place(sent, chat)
  if (sent.client_id !== null) known.set(keyOf(sent), message)
  placed.push({ sent, message })
  return { kind: 'stored', message, unarchived: advance(chat, sent, message) }
}

function insertMessages(engine: Engine, placed: PlacedMessage[]): Statement {
  const rows = placed.map(({ sent: { chat_id, sender_id }, message }): InsertedMessage => ({
    ...message,
    chat_id,
    sender_id,
    created_at: engine.time(message.created_at),
  }))
  return sql`insert into ${sql.table('support_messages')} (${INSERTED}, updated_at)
    select ${INSERTED_OF_M}, m.created_at from ${engine.rows<InsertedMessage>('m', KINDS, rows)}`
}

/** Once per chat and batch */
function touchChats(engine: Engine, heads: LockedHead[]): Statement {
  const rows = heads.flatMap(({ id, last, last_seq, last_user_seq, last_message_at, archived_at }) =>
    last === null || last_message_at === null
      ? []
      : {
          id,
          last_seq,
          last_user_seq,
          last_message_at: engine.time(last_message_at),
          archived_at: archived_at === null ? null : engine.time(archived_at),
          preview: preview(last.content),
          sender: last.sender_type,
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
    column('updated_at', 'last_message_at'),
  ])
  return engine.updateFrom(sql`${sql.table('support_chats')} as c`, moved, sql`c.id = h.id`, set)
}

/** One pending notification per chat and kind: the first of its burst counts. @returns no statement where none is due */
const insertNotifications = (engine: Engine, placed: PlacedMessage[]): Statement[] =>
  Object.values(NOTIFICATION_KINDS).flatMap(({ sender, table }) => {
    const due = placed.filter(({ sent }) => sent.sender_type === sender && sent.notify_at !== null)
    return due.length === 0 ? [] : insertInto(table, engine, due)
  })

function insertInto(table: string, engine: Engine, placed: PlacedMessage[]): Statement {
  const first = new Map<string, { id: string; chat_id: string; due_at: string; at: string }>()
  for (const { sent, message } of placed) {
    const { id, chat_id, notify_at } = sent
    if (notify_at === null || first.has(chat_id)) continue
    first.set(chat_id, { id, chat_id, due_at: engine.time(notify_at), at: engine.time(message.created_at) })
  }
  const rows = engine.rows('f', { id: 'uuid', chat_id: 'uuid', due_at: 'time', at: 'time' }, [...first.values()])
  const onConflictDoNothing = engine.onConflictDoNothing({
    columns: ['chat_id'],
    where: sql`state = 'pending'`,
    anyColumn: `${table}.chat_id`,
  })
  return sql`insert into ${sql.table(table)} (id, chat_id, state, due_at, created_at, updated_at)
    select f.id, f.chat_id, 'pending', f.due_at, f.at, f.at from ${rows} ${onConflictDoNothing}`
}
