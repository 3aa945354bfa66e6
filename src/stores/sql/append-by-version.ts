// A batch in one statement: by what this process knows of the chats from the batch before, if it still holds.
import { sql, type Kysely } from 'kysely'
import type { AppendOutcome, NewMessage } from '../../server/ports/store/messages.ts'
import type { OpenTime } from '../../server/ports/store/numbers.ts'
import { activitiesBy, decide, HEAD, headsOf, knownOf, type Found, type ReadHead } from './append-decisions.ts'
import { appendWrites, type PlacedMessage } from './append-writes.ts'
import type { Engine, Versioned, Versions } from './engine.ts'
import type { Tables } from './tables.ts'

/** Chats whose state is remembered, about a kilobyte each */
const MOST_REMEMBERED = 2_000

type Remembered = ReadHead & Versioned

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

  function remember(chat: Remembered): void {
    remembered.delete(chat.id)
    remembered.set(chat.id, chat)
    const [oldest] = remembered.size > MOST_REMEMBERED ? remembered.keys() : []
    if (oldest !== undefined) remembered.delete(oldest)
  }

  async function attempt(connection: Kysely<Tables>, { batch, chatIds, openTime }: PlainBatch) {
    const known = chatIds.flatMap((id) => remembered.get(id) ?? [])
    let read =
      known.length === chatIds.length
        ? known
        : (await versions.read<ReadHead>(table, [...HEAD], chatIds).execute(connection)).rows
    for (let tries = 1; tries <= 2; tries++) {
      const heads = headsOf(read)
      const placed: PlacedMessage[] = []
      const found: Found = { heads, known: new Map(), files: new Map(), placed }
      const outcomes = batch.map((m) => decide(m, found))
      if (placed.length === 0 || activitiesBy(batch, outcomes).length > 0) return undefined
      const outcome = await versions.write<ReadHead>(connection, {
        table,
        columns: [...HEAD],
        read,
        known: knownOf(batch, '1'),
        writes: appendWrites(engine, placed, heads, openTime),
      })
      if (outcome.written) {
        for (const { id, version } of outcome.rows) {
          const { last, ...head } = heads.get(id) ?? { last: null }
          if (last) remember({ ...(head as ReadHead), version })
        }
        return outcomes
      }
      if (isSame(read, outcome.rows)) return undefined
      read = outcome.rows
    }
    return undefined
  }

  return async (connection: Kysely<Tables>, plain: PlainBatch): Promise<AppendOutcome[] | undefined> => {
    let outcomes: AppendOutcome[] | undefined
    try {
      return (outcomes = await attempt(connection, plain))
    } finally {
      if (!outcomes) for (const id of plain.chatIds) remembered.delete(id)
    }
  }
}

/** What was read is what there is, or some of it is locked or gone: to try again would be in vain */
function isSame(read: readonly Versioned[], now: readonly Versioned[]): boolean {
  const before = new Map(read.map(({ id, version }) => [id, version]))
  return now.length < read.length || now.every(({ id, version }) => before.get(id) === version)
}
