// A batch of messages in a constant number of round trips, whatever its size: lock the chats, look for what was sent before, decide
// here, write.
import { sql, type RawBuilder, type Transaction } from 'kysely'
import type { SupportMessage } from '../../protocol/types.ts'
import type { AppendOutcome, NewMessage } from '../../server/ports/store/messages.ts'
import type { Store } from '../../server/ports/store/store.ts'
import { advance, place, preview, type Head } from '../message-rules.ts'
import { isUuid } from '../request-values.ts'
import type { SqlDatabase } from './database.ts'
import type { Engine } from './engine.ts'
import type { Tables } from './tables.ts'

type LockedHead = Head & { id: string }

/** Messages by who called them what; a client_id belongs to its chat and sender */
type Known = Map<string, SupportMessage>
type Name = Pick<NewMessage, 'chat_id' | 'sender_id' | 'sender_type' | 'client_id'>
const nameOf = (m: Name): string => `${m.chat_id}\0${m.sender_type}\0${m.sender_id}\0${m.client_id}`

type Statement = RawBuilder<unknown>

interface Stored {
  given: NewMessage
  message: SupportMessage
}

export function append({ engine, transaction }: SqlDatabase): Pick<Store, 'appendMessages'> {
  return {
    async appendMessages(batch) {
      const chatIds = [...new Set(batch.map((m) => m.chat_id).filter(isUuid))]
      if (chatIds.length === 0) return batch.map(() => ({ kind: 'no_chat' }))
      return transaction(async (trx) => {
        const heads = await lockHeads(trx, engine, chatIds)
        const known = await findKnown(trx, engine, batch)
        const stored: Stored[] = []
        const outcomes = batch.map((m) => decide(m, heads, known, stored))
        if (stored.length > 0) {
          const due = stored.some(({ given }) => given.notify_at !== null)
          const writes = [
            insertMessages(engine, stored),
            touchChats(engine, [...heads.values()]),
            ...(due ? [insertNotifications(engine, stored)] : []),
          ]
          for (const statement of engine.together(writes)) await statement.execute(trx)
        }
        return outcomes
      })
    },
  }
}

/** In order of their ids, so that two batches never hold what the other one waits for */
async function lockHeads(trx: Transaction<Tables>, engine: Engine, ids: string[]): Promise<Map<string, LockedHead>> {
  const { rows } = await engine
    .lockAll<Omit<LockedHead, 'last'>>(
      sql.table('support_chats'),
      ['id', 'last_seq', 'last_user_seq', 'last_message_at', 'archived_at'],
      ids.sort(),
    )
    .execute(trx)
  return new Map(rows.map((row) => [row.id, { ...row, last: null }]))
}

/** Looked for under the lock: nobody else can add one to these chats */
async function findKnown(trx: Transaction<Tables>, engine: Engine, batch: NewMessage[]): Promise<Known> {
  const named = batch.filter((m) => m.client_id !== null && isUuid(m.chat_id))
  if (named.length === 0) return new Map()
  const kinds = { chat_id: 'uuid', sender_id: 'person', sender_type: 'word', client_id: 'word' } as const
  const names = engine.rows<Name>('k', kinds, named)
  const { rows } = await sql<SupportMessage & { chat_id: string; sender_id: string }>`
    select m.id, m.chat_id, m.sender_id, m.seq, m.content, m.sender_type, m.sender_name, m.client_id, m.read_at, m.created_at
    from ${names} join ${sql.table('support_messages')} as m
    on m.chat_id = k.chat_id and m.sender_id = k.sender_id and m.sender_type = k.sender_type and m.client_id = k.client_id`.execute(
    trx,
  )
  return new Map(
    rows.map(({ chat_id, sender_id, ...message }) => [nameOf({ ...message, chat_id, sender_id }), message]),
  )
}

function decide(given: NewMessage, heads: Map<string, LockedHead>, known: Known, stored: Stored[]): AppendOutcome {
  const chat = heads.get(given.chat_id)
  if (!chat) return { kind: 'no_chat' }
  const { content, client_id } = given
  const before = client_id === null ? undefined : known.get(nameOf(given))
  if (before) return before.content === content ? { kind: 'repeated', message: before } : { kind: 'conflict' }
  const message = place(given, chat)
  if (client_id !== null) known.set(nameOf(given), message)
  stored.push({ given, message })
  return { kind: 'stored', message, unarchived: advance(chat, given, message) }
}

function insertMessages(engine: Engine, stored: Stored[]): Statement {
  type Row = Omit<SupportMessage, 'read_at'> & Pick<NewMessage, 'chat_id' | 'sender_id'>
  const rows = stored.map(({ given, message }): Row => ({
    ...message,
    chat_id: given.chat_id,
    sender_id: given.sender_id,
    created_at: engine.time(message.created_at),
  }))
  const given = engine.rows<Row>(
    'm',
    {
      id: 'uuid',
      chat_id: 'uuid',
      seq: 'integer',
      content: 'text',
      sender_type: 'word',
      sender_id: 'person',
      sender_name: 'text',
      client_id: 'word',
      created_at: 'time',
    },
    rows,
  )
  return sql`insert into ${sql.table('support_messages')}
    (id, chat_id, seq, content, sender_type, sender_id, sender_name, client_id, created_at, updated_at)
    select m.id, m.chat_id, m.seq, m.content, m.sender_type, m.sender_id, m.sender_name, m.client_id, m.created_at, m.created_at
    from ${given}`
}

/** Once per chat and batch */
function touchChats(engine: Engine, heads: LockedHead[]): Statement {
  const rows = heads.flatMap(({ last, last_message_at, archived_at, ...head }) =>
    last === null || last_message_at === null
      ? []
      : {
          ...head,
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

/** One pending notification per chat: the first of its burst counts */
function insertNotifications(engine: Engine, stored: Stored[]): Statement {
  const first = new Map<string, { id: string; chat_id: string; due_at: string; at: string }>()
  for (const { given, message } of stored) {
    const { id, chat_id, notify_at } = given
    if (notify_at === null || first.has(chat_id)) continue
    first.set(chat_id, { id, chat_id, due_at: engine.time(notify_at), at: engine.time(message.created_at) })
  }
  const given = engine.rows('f', { id: 'uuid', chat_id: 'uuid', due_at: 'time', at: 'time' }, [...first.values()])
  const orLeaveIt = engine.orLeaveIt({
    columns: ['chat_id'],
    where: sql`state = 'pending'`,
    anyColumn: 'support_notifications.chat_id',
  })
  return sql`insert into ${sql.table('support_notifications')} (id, chat_id, state, due_at, created_at, updated_at)
    select f.id, f.chat_id, 'pending', f.due_at, f.at, f.at from ${given} ${orLeaveIt}`
}
