// A batch in one statement: by what this process knows of the chats from the batch before, if it still holds.
import { sql, type Kysely } from 'kysely'
import type { AppendOutcome, NewMessage } from '../../server/ports/store/messages.ts'
import type { OpenTime } from '../../server/ports/store/numbers.ts'
import { decide, hasActivity, HEAD, headsOf, knownOf, type Found, type ReadHead } from './append-decisions.ts'
import { appendWrites, type LockedHead, type PlacedMessage } from './append-writes.ts'
import type { Engine, Versioned, Versions } from './engine.ts'
import type { Tables } from './tables.ts'

/** Chats whose state is remembered, about a kilobyte each */
const MOST_REMEMBERED = 2_000

type Remembered = LockedHead & Versioned

interface PlainBatch {
  batch: NewMessage[]
  chatIds: string[]
  openTime: OpenTime | undefined
}

/**
 * The statement commits by itself, and waits for no lock of a chat. Chats that this process has not written to lately are read first.
 * @returns a function that returns undefined, with nothing written, where a chat is locked or changes all the time, something was sent
 *   before, nothing is to be stored, or there is an activity to write
 */
export function appendByVersion(engine: Engine, versions: Versions) {
  /** By id; the ones that were written last come last */
  const remembered = new Map<string, Remembered>()
  const table = sql.table('support_chats')

  /** Undefined where one of them is not remembered. None of them is any more: the rules change what they read */
  function take(ids: string[]): Remembered[] | undefined {
    const taken: Remembered[] = []
    for (const id of ids) {
      const chat = remembered.get(id)
      if (chat && remembered.delete(id)) taken.push(chat)
    }
    return taken.length === ids.length ? taken : undefined
  }

  function remember(chats: ReadonlyMap<string, Remembered>, written: Versioned[]): void {
    for (const { id, version } of written) {
      const chat = chats.get(id)
      if (chat) chat.version = version
    }
    for (const chat of chats.values()) remembered.set(chat.id, chat)
    for (const oldest of remembered.keys()) {
      if (remembered.size <= MOST_REMEMBERED) break
      remembered.delete(oldest)
    }
  }

  return async (
    connection: Kysely<Tables>,
    { batch, chatIds, openTime }: PlainBatch,
  ): Promise<AppendOutcome[] | undefined> => {
    let read: (ReadHead & Versioned)[] =
      take(chatIds) ?? (await versions.read<ReadHead>(table, [...HEAD], chatIds).execute(connection)).rows
    for (let tries = 1; tries <= 2; tries++) {
      const heads = headsOf(read)
      const placed: PlacedMessage[] = []
      const found: Found = { heads, known: new Map(), files: new Map(), placed }
      const outcomes = batch.map((m) => decide(m, found))
      if (placed.length === 0 || outcomes.some(hasActivity)) return undefined
      const outcome = await versions.write<ReadHead>(connection, {
        table,
        columns: [...HEAD],
        read,
        known: knownOf(batch, '1'),
        writes: appendWrites(engine, placed, heads, openTime),
      })
      if (outcome.written) {
        remember(heads, outcome.rows)
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
