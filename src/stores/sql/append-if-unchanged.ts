// A batch in one statement: by what this process knows of the chats from the batch before, if it still holds.
import { sql, type Kysely } from 'kysely'
import type { AppendOutcome, NewMessage } from '../../server/ports/store/messages.ts'
import type { OpenTime } from '../../server/ports/store/numbers.ts'
import { activitiesBy, decide, headsById, knownOf, type Found } from './append-decisions.ts'
import { appendWrites, type PlacedMessage } from './append-writes.ts'
import type { AsRead, Engine, Unchanged } from './engine.ts'
import { HEAD, HEAD_KINDS, headOf, type ReadHead } from './read-head.ts'
import type { RememberedChats } from './remembered-chats.ts'
import type { Tables } from './tables.ts'

interface PlainBatch {
  batch: NewMessage[]
  chatIds: string[]
  openTime: OpenTime | undefined
}

/**
 * The statement commits by itself, and waits for no lock of a chat. Chats that this process has neither read nor written lately are read first.
 * @returns a function that returns undefined, with nothing written, where a chat is locked or changes all the time, something was sent
 *   before, or nothing is to be stored
 */
export function appendIfUnchanged(engine: Engine, unchanged: Unchanged, remembered: RememberedChats) {
  const table = sql.table('support_chats')

  return async (
    connection: Kysely<Tables>,
    { batch, chatIds, openTime }: PlainBatch,
  ): Promise<AppendOutcome[] | undefined> => {
    let chats =
      remembered.take(chatIds) ??
      (await unchanged.read<ReadHead>(table, HEAD, chatIds).execute(connection)).rows.map(headOf)
    let read = unchanged.asRead(HEAD_KINDS, chats)
    for (let tries = 1; tries <= 2; tries++) {
      const heads = headsById(chats)
      const placed: PlacedMessage[] = []
      const found: Found = { heads, known: new Map(), files: new Map(), placed }
      const outcomes = batch.map((m) => decide(m, found))
      if (placed.length === 0) return undefined
      const now = await unchanged.write<ReadHead>(connection, {
        table,
        columns: HEAD_KINDS,
        read,
        known: knownOf(batch, '1'),
        writes: appendWrites(engine, placed, heads, activitiesBy(batch, outcomes), openTime),
      })
      if (!now) {
        for (const chat of chats) {
          // What people wrote is not kept
          chat.last = null
          remembered.put(chat)
        }
        return outcomes
      }
      const before = read
      read = unchanged.asRead(HEAD_KINDS, now)
      // To try again would be in vain: what was read is what there is, or some of it is locked or gone
      if (now.length < chats.length || isSame(before, read)) return undefined
      chats = now.map(headOf)
    }
    return undefined
  }
}

const isSame = (before: AsRead, now: AsRead): boolean => before.every((column, i) => now[i]?.equals(column))
