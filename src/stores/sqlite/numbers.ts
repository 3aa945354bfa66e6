import type { CountedNumber, NumberStore } from '../../server/ports/store/numbers.ts'
import { numberRow, STAFF_KINDS, TAG_KINDS, tagNumberOf, type NumberRow } from '../rules/number-rows.ts'
import type { Count } from '../rules/numbers.ts'
import type { Database } from './database.ts'

/** One process writes at a time, so all count on the same rows */
const SHARD = 0

export function numbers(db: Database): NumberStore {
  const find = db.prepare<CountedNumber>(`SELECT day, kind, bucket, agent_id, max(agent_name) AS agent_name, sum(n) AS n
    FROM support_numbers WHERE day BETWEEN ? AND ? AND kind IN (${listOf(STAFF_KINDS)}) GROUP BY day, kind, bucket, agent_id`)
  const findOfTags = db.prepare<NumberRow>(`SELECT kind, bucket, agent_id, sum(n) AS n
    FROM support_numbers WHERE day BETWEEN ? AND ? AND kind IN (${listOf(TAG_KINDS)}) GROUP BY kind, bucket, agent_id`)
  return {
    numbers: async (from, to) => find.all(from, to),
    tagNumbers: async (from, to) => findOfTags.all(from, to).map(tagNumberOf),
  }
}

const listOf = (words: readonly string[]): string => words.map((word) => `'${word}'`).join()

/** Within the transaction of what is counted */
export function numbersWriter(db: Database): (counts: readonly Count[]) => void {
  const count = db.prepare(`INSERT INTO support_numbers (day, kind, bucket, shard, agent_id, agent_name, n)
    VALUES (?, ?, ?, ${SHARD}, ?, ?, ?)
    ON CONFLICT (day, kind, bucket, shard, agent_id) DO UPDATE SET n = n + excluded.n, agent_name = excluded.agent_name`)
  return (counts) => {
    for (const { day, kind, bucket, agent_id, agent_name, n } of counts.map(numberRow))
      count.run(day, kind, bucket, agent_id, agent_name, n)
  }
}
