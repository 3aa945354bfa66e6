// A batch of messages in a constant number of round trips, whatever its size: lock the chats, find what was sent before, decide here, write.
// Where the engine can, in fewer.
import { sql, type Transaction } from 'kysely'
import type { AppendOutcome, MessageStore, NewMessage } from '../../server/ports/store/messages.ts'
import type { AttachmentRecord } from '../../server/ports/store/attachments.ts'
import { MESSAGE_COLUMNS_OF_M, messageOf, type MessageRow } from '../message-columns.ts'
import { ATTACHMENT_COLUMNS } from '../rules/attachment.ts'
import { isUuid } from '../rules/request-values.ts'
import { happeningsOf } from '../rules/webhook.ts'
import { appendIfUnchanged } from './append-if-unchanged.ts'
import { activitiesBy, decide, headsById, keyOf, knownOf, type KnownMessages } from './append-decisions.ts'
import { appendWrites, type PlacedMessage } from './append-writes.ts'
import type { SqlDatabase } from './database.ts'
import type { Engine } from './engine.ts'
import { outboxStatement } from './outbox.ts'
import { HEAD, headOf, type LockedHead, type ReadHead } from './read-head.ts'
import type { Tables } from './tables.ts'
import type { PlacedInChat } from './word-index.ts'

/** Where a message was sent before, others are likely: all clients repeat after an outage, and each that is refused is a whole batch written again (ms) */
const LOOKS_FOR = 1_000

type Heads = Map<string, LockedHead>

interface Decision {
  heads: Heads
  placed: PlacedMessage[]
  outcomes: AppendOutcome[]
}

export function append({
  engine,
  connected,
  transaction,
  isIndexing,
  remembered,
}: SqlDatabase): Pick<MessageStore, 'appendMessages'> {
  /** On the clock of `performance` */
  let looksUntil = 0
  const ifUnchanged = engine.unchanged && appendIfUnchanged(engine, engine.unchanged, remembered)
  return {
    async appendMessages(batch, outbox, openTime) {
      const chatIds = [...new Set(batch.map((m) => m.chat_id).filter(isUuid))]
      if (chatIds.length === 0) return batch.map(() => ({ kind: 'no_chat' }))
      const isPlain = !outbox && !isIndexing && batch.every(({ attachment_ids }) => !attachment_ids?.length)
      if (isPlain && ifUnchanged)
        return connected(
          async (connection) =>
            (await ifUnchanged(connection, { batch, chatIds, openTime })) ??
            connection.transaction().execute(appendAfterLook),
        )
      return (await appendUnlooked()) ?? transaction(appendAfterLook)

      /** @returns undefined, with nothing written, where somebody must look what was sent before */
      async function appendUnlooked(): Promise<AppendOutcome[] | undefined> {
        if (!engine.isDuplicate || performance.now() < looksUntil) return undefined
        try {
          return await transaction(async (trx) => {
            const decision = await decideAll(trx, await lockHeads(trx, engine, chatIds), new Map())
            if (!decision.outcomes.every(isSureUnlooked)) return undefined
            await writeAll(trx, decision)
            return decision.outcomes
          })
        } catch (error) {
          if (!engine.isDuplicate(error)) throw error
          looksUntil = performance.now() + LOOKS_FOR
          return undefined
        }
      }

      async function appendAfterLook(trx: Transaction<Tables>): Promise<AppendOutcome[]> {
        const heads = await lockHeads(trx, engine, chatIds)
        const decision = await decideAll(trx, heads, await findKnown(trx, engine, batch))
        await writeAll(trx, decision)
        return decision.outcomes
      }

      async function decideAll(trx: Transaction<Tables>, heads: Heads, known: KnownMessages): Promise<Decision> {
        const files = await lockAttachments(trx, batch)
        const placed: PlacedMessage[] = []
        return { heads, placed, outcomes: batch.map((m) => decide(m, { heads, known, files, placed })) }
      }

      async function writeAll(trx: Transaction<Tables>, { heads, placed, outcomes }: Decision): Promise<void> {
        if (placed.length === 0) return
        const webhooks = outbox && (await outboxStatement(trx, engine, happeningsOf(batch, outcomes), outbox))
        await engine.runAll(trx, [
          ...(isIndexing ? (engine.words?.appended(placed.map(inChat)) ?? []) : []),
          ...appendWrites(engine, placed, heads, activitiesBy(batch, outcomes), openTime),
          ...(webhooks ? [webhooks] : []),
        ])
        await giveAttachments(trx, placed)
      }

      /** A message that was sent before would have another outcome than these, or be refused when it is stored */
      function isSureUnlooked({ kind }: AppendOutcome, i: number): boolean {
        return (
          kind === 'stored' ||
          kind === 'no_chat' ||
          kind === 'repeated' ||
          kind === 'conflict' ||
          batch[i]?.client_id === null
        )
      }
    },
  }
}

const inChat = ({ sent: { chat_id }, message: { id, seq, content } }: PlacedMessage): PlacedInChat => ({
  id,
  chat_id,
  seq,
  content,
})

/** In order of their ids, so that two batches never wait for each other */
async function lockHeads(trx: Transaction<Tables>, engine: Engine, ids: string[]): Promise<Heads> {
  const rows = await engine.lockChats<ReadHead>(trx, HEAD, ids.sort())
  return headsById(rows.map(headOf))
}

const KNOWN = ['chat_id', 'sender_id']
  .map((column) => `m.${column}`)
  .concat(MESSAGE_COLUMNS_OF_M)
  .join(', ')

/** Read under the lock: nobody else can add one to these chats */
async function findKnown(trx: Transaction<Tables>, engine: Engine, batch: NewMessage[]): Promise<KnownMessages> {
  const known = knownOf(batch, KNOWN)
  if (known.rows.length === 0) return new Map()
  const rows = await engine.run<MessageRow & { chat_id: string; sender_id: string }>(trx, known)
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
