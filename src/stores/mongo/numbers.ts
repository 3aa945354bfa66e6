import type { CountedNumber, NumberStore } from '../../server/ports/store/numbers.ts'
import { STAFF_KINDS, TAG_KINDS, tagNumberOf, type NumberRow } from '../rules/number-rows.ts'
import { doWhatIsLeft } from './chat-writer.ts'
import type { MongoDatabase } from './database.ts'

export function numbers(db: MongoDatabase): NumberStore {
  async function summed(
    [from, to]: [string, string],
    kinds: string[],
    keyOf: (row: NumberRow) => string,
  ): Promise<NumberRow[]> {
    await doWhatIsLeft(db)
    const sums = new Map<string, NumberRow>()
    const rows = db.collection('numbers').find({ day: { $gte: from, $lte: to }, kind: { $in: kinds } })
    for await (const { _id, applied: __, ...row } of rows.project<NumberRow & { _id: string; applied?: never }>({
      applied: 0,
    })) {
      const known = sums.get(keyOf(row))
      if (!known) sums.set(keyOf(row), row)
      else {
        known.n += row.n
        if ((row.agent_name ?? '') > (known.agent_name ?? '')) known.agent_name = row.agent_name
      }
    }
    return [...sums.values()]
  }

  return {
    numbers: async (from, to) =>
      (await summed([from, to], STAFF_KINDS, (row) =>
        [row.day, row.kind, row.bucket, row.agent_id].join('|'),
      )) as CountedNumber[],
    tagNumbers: async (from, to) =>
      (await summed([from, to], TAG_KINDS, (row) => [row.kind, row.bucket, row.agent_id].join('|'))).map(tagNumberOf),
  }
}
