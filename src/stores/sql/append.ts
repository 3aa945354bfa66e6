// A batch of messages in a constant number of round trips, whatever its size. Where the engine can, in two: read the chats, decide here, and
// write if they are still as they were read. Otherwise: lock the chats, find what was sent before, decide here, write.
import { sql, type Kysely, type Transaction } from 'kysely'
import type { SupportMessage } from '../../protocol/types.ts'
import type { AppendOutcome, MessageStore, NewMessage } from '../../server/ports/store/messages.ts'
import type { AttachmentRecord } from '../../server/ports/store/attachments.ts'
import type { OpenTime } from '../../server/ports/store/numbers.ts'
import { MESSAGE_COLUMNS_OF_M, messageOf, type MessageRow } from '../message-columns.ts'
import { ATTACHMENT_COLUMNS, takeAttachments } from '../rules/attachment.ts'
import { activitiesOf, advance, isOvertaken, isRefused, isSameMessage, isTheirChat, place } from '../rules/message.ts'
import { isUuid } from '../rules/request-values.ts'
import { endWait } from '../rules/numbers.ts'
import { happeningsOf } from '../rules/webhook.ts'
import { writeActivities, type ActivityOfChat } from './activity-writer.ts'
import { appendWrites, type LockedHead, type PlacedMessage } from './append-writes.ts'
import type { SqlDatabase } from './database.ts'
import type { Engine, Versions } from './engine.ts'
import { outboxStatement } from './outbox.ts'
import type { Tables } from './tables.ts'
import type { PlacedInChat } from './word-index.ts'

/** What a client_id belongs to, and the client_id */
type ClientKey = Pick<NewMessage, 'chat_id' | 'sender_id' | 'sender_type' | 'client_id'>
const keyOf = (m: ClientKey): string => `${m.chat_id}\0${m.sender_type}\0${m.sender_id}\0${m.client_id}`

/** Messages by `keyOf` */
type KnownMessages = Map<string, SupportMessage>

// As text, which costs nothing per batch
const KNOWN = sql.raw(MESSAGE_COLUMNS_OF_M.join(', '))

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

export function append({
  engine,
  connected,
  transaction,
  isIndexing,
}: SqlDatabase): Pick<MessageStore, 'appendMessages'> {
  return {
    async appendMessages(batch, outbox, openTime) {
      const chatIds = [...new Set(batch.map((m) => m.chat_id).filter(isUuid))]
      if (chatIds.length === 0) return batch.map(() => ({ kind: 'no_chat' }))
      const isPlain = !outbox && !isIndexing && batch.every(({ attachment_ids }) => !attachment_ids?.length)
      if (!isPlain || !engine.versions) return transaction(appendLocked)
      const { versions } = engine
      return connected(
        async (connection) =>
          (await appendIfUnchanged(connection, { engine, versions, batch, chatIds, openTime })) ??
          connection.transaction().execute(appendLocked),
      )

      async function appendLocked(trx: Transaction<Tables>): Promise<AppendOutcome[]> {
        const heads = await lockHeads(trx, engine, chatIds)
        const known = await findKnown(trx, engine, batch)
        const files = await lockAttachments(trx, batch)
        const placed: PlacedMessage[] = []
        const outcomes = batch.map((m) => decide(m, { heads, known, files, placed }))
        if (placed.length > 0) {
          const webhooks = outbox && (await outboxStatement(trx, engine, happeningsOf(batch, outcomes), outbox))
          const writes = [
            ...(isIndexing ? (engine.words?.appended(placed.map(inChat)) ?? []) : []),
            ...appendWrites(engine, placed, heads, openTime),
            ...(webhooks ? [webhooks] : []),
          ]
          for (const statement of engine.together(writes)) await statement.execute(trx)
          await writeActivities(trx, engine, activitiesBy(batch, outcomes))
          await giveAttachments(trx, placed)
        }
        return outcomes
      }
    },
  }
}

interface PlainBatch {
  engine: Engine
  versions: Versions
  batch: NewMessage[]
  chatIds: string[]
  openTime: OpenTime | undefined
}

/**
 * Two statements that each commit by themselves. They wait for no lock of a chat.
 * @returns undefined, with nothing written: a chat has changed since it was read or is locked, something was sent before, or there is an
 *   activity to write
 */
async function appendIfUnchanged(
  connection: Kysely<Tables>,
  { engine, versions, batch, chatIds, openTime }: PlainBatch,
): Promise<AppendOutcome[] | undefined> {
  const isKnown = sql<boolean>`exists (select 1 from ${joinKnown(engine, batch.filter(isNamed))})`
  const { rows } = await versions
    .read<Omit<LockedHead, 'last'>>(sql.table('support_chats'), [...HEAD], chatIds, isKnown)
    .execute(connection)
  if (rows.some((row) => row.is_known === 1)) return undefined
  const heads = headsOf(rows)
  const placed: PlacedMessage[] = []
  const found: Found = { heads, known: new Map(), files: new Map(), placed }
  const outcomes = batch.map((m) => decide(m, found))
  if (placed.length === 0) return outcomes
  if (activitiesBy(batch, outcomes).length > 0) return undefined
  const write = versions.write(sql.table('support_chats'), rows, (guarded) =>
    appendWrites(guarded, placed, heads, openTime),
  )
  const { rows: written } = await write.execute(connection)
  return written[0]?.is_unchanged === 1 ? outcomes : undefined
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
  return headsOf(rows)
}

const headsOf = (rows: Omit<LockedHead, 'last'>[]): Map<string, LockedHead> =>
  new Map(rows.map((row) => [row.id, { ...row, last: null }]))

const isNamed = ({ client_id, chat_id }: NewMessage): boolean => client_id !== null && isUuid(chat_id)

/** What was stored before, as `m`, under the client_ids of these messages */
function joinKnown(engine: Engine, named: NewMessage[]) {
  const kinds = { chat_id: 'uuid', sender_id: 'person', sender_type: 'word', client_id: 'word' } as const
  return sql`${engine.rows<ClientKey>('k', kinds, named)} join ${sql.table('support_messages')} as m
    on m.chat_id = k.chat_id and m.sender_id = k.sender_id and m.sender_type = k.sender_type and m.client_id = k.client_id`
}

/** Read under the lock: nobody else can add one to these chats */
async function findKnown(trx: Transaction<Tables>, engine: Engine, batch: NewMessage[]): Promise<KnownMessages> {
  const named = batch.filter(isNamed)
  if (named.length === 0) return new Map()
  const { rows } = await sql<MessageRow & { chat_id: string; sender_id: string }>`
    select m.chat_id, m.sender_id, ${KNOWN} from ${joinKnown(engine, named)}`.execute(trx)
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
