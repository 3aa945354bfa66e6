import { sql } from 'kysely'
import type { CountedNumber, NumberStore } from '../../server/ports/store/numbers.ts'
import { numberRow, STAFF_KINDS, TAG_KINDS, tagNumberOf, type NumberRow } from '../rules/number-rows.ts'
import type { Count } from '../rules/numbers.ts'
import { shardOfProcess } from '../rules/shard.ts'
import type { SqlDatabase } from './database.ts'
import type { Engine } from './engine.ts'
import { writeOf, type Kind, type Write } from './write.ts'

type Row = NumberRow & { shard: number }

const KINDS: Record<keyof Row, Kind> = {
  day: 'word',
  kind: 'word',
  bucket: 'integer',
  shard: 'integer',
  agent_id: 'person',
  agent_name: 'text',
  n: 'integer',
}
const COLUMNS = sql.raw(Object.keys(KINDS).join(', '))
const COLUMNS_OF_C = sql.raw(
  Object.keys(KINDS)
    .map((name) => `c.${name}`)
    .join(', '),
)
const KEY = ['day', 'kind', 'bucket', 'shard', 'agent_id']

const shard = shardOfProcess()

export function numbers({ db }: SqlDatabase): NumberStore {
  return {
    async numbers(from, to) {
      const rows = await db
        .selectFrom('support_numbers')
        .select(['day', 'kind', 'bucket', 'agent_id'])
        .select((e) => [e.fn.max('agent_name').as('agent_name'), e.fn.sum<number | string>('n').as('n')])
        .where('day', '>=', from)
        .where('day', '<=', to)
        .where('kind', 'in', STAFF_KINDS)
        .groupBy(['day', 'kind', 'bucket', 'agent_id'])
        .$castTo<CountedNumber>()
        .execute()
      // A sum is more than an integer, and comes as text
      return rows.map((row) => ({ ...row, n: Number(row.n) }))
    },
    async tagNumbers(from, to) {
      const rows = await db
        .selectFrom('support_numbers')
        .select(['kind', 'bucket', 'agent_id'])
        .select((e) => e.fn.sum<number | string>('n').as('n'))
        .where('day', '>=', from)
        .where('day', '<=', to)
        .where('kind', 'in', TAG_KINDS)
        .groupBy(['kind', 'bucket', 'agent_id'])
        .execute()
      return rows.map((row) => tagNumberOf({ ...row, n: Number(row.n) }))
    },
  }
}

/** Within the transaction of what is counted */
export function countNumbers(engine: Engine, counts: readonly Count[]): Write {
  const rows = counts.map((one) => ({ ...numberRow(one), shard }))
  const statement: Write['statement'] = (from) => {
    const add = engine.onConflictUpdate(
      KEY,
      (inserted) => sql`n = ${sql.ref('support_numbers.n')} + ${inserted('n')}, agent_name = ${inserted('agent_name')}`,
    )
    return sql`insert into ${sql.table('support_numbers')} (${COLUMNS}) select ${COLUMNS_OF_C} from ${from} ${add}`
  }
  return writeOf<Row>({ key: 'numbers', name: 'c', kinds: KINDS, rows, statement })
}
