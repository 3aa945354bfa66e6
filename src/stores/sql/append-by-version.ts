// A batch in one statement: by what this process knows of the chats from the batch before, if it still holds.
import { sql, type Kysely } from 'kysely'
import type { AppendOutcome, NewMessage } from '../../server/ports/store/messages.ts'
import type { OpenTime } from '../../server/ports/store/numbers.ts'
import { activitiesBy, decide, headsOf, knownOf, type Found } from './append-decisions.ts'
import { appendWrites, type PlacedMessage } from './append-writes.ts'
import type { Engine, Versioned, Versions } from './engine.ts'
import { HEAD, type ReadHead, type VersionedHead } from './read-head.ts'
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
export function appendByVersion(engine: Engine, versions: Versions, remembered: RememberedChats) {
  const table = sql.table('support_chats')

  return async (
    connection: Kysely<Tables>,
    { batch, chatIds, openTime }: PlainBatch,
  ): Promise<AppendOutcome[] | undefined> => {
    let read: VersionedHead[] =
      remembered.take(chatIds) ?? (await versions.read<ReadHead>(table, [...HEAD], chatIds).execute(connection)).rows
    for (let tries = 1; tries <= 2; tries++) {
      const heads = headsOf(read)
      const placed: PlacedMessage[] = []
      const found: Found = { heads, known: new Map(), files: new Map(), placed }
      const outcomes = batch.map((m) => decide(m, found))
      if (placed.length === 0) return undefined
      const outcome = await versions.write<ReadHead>(connection, {
        table,
        columns: [...HEAD],
        read,
        known: knownOf(batch, '1'),
        writes: appendWrites(engine, placed, heads, activitiesBy(batch, outcomes), openTime),
      })
      if (outcome.written) {
        const written = new Map(outcome.rows.map(({ id, version }) => [id, version]))
        for (const chat of heads.values()) {
          chat.version = written.get(chat.id) ?? chat.version
          // What people wrote is not kept
          chat.last = null
          remembered.put(chat)
        }
        return outcomes
      }
      if (isSame(read, outcome.rows)) return undefined
      read = outcome.rows
    }
    return undefined
  }
}

/** What was read is what there is, or some of it is locked or gone: to try again would be in vain */
function isSame(read: readonly Versioned[], now: readonly Versioned[]): boolean {
  const before = new Map(read.map(({ id, version }) => [id, version]))
  return now.length < read.length || now.every(({ id, version }) => before.get(id) === version)
}
