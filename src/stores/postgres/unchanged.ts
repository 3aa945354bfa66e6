// Writes where rows are as they were read. What was read is compared by columns: changes of others do not count, and a row that came back to
// what it was is the same.
import { sql, type CompiledQuery, type Kysely, type RawBuilder } from 'kysely'
import type { Unchanged, WriteIfUnchanged } from '../sql/engine.ts'
import type { Tables } from '../sql/tables.ts'
import type { Kind, Write } from '../sql/write.ts'
import { columnText, unnest, uuids } from './array.ts'

/** Where the values of a column go, in a statement that is built once for all rows */
class Slot {
  readonly key: string
  readonly column: string
  readonly kind: Kind

  constructor(key: string, column: string, kind: Kind) {
    this.key = key
    this.column = column
    this.kind = kind
  }
}

const listOf = (columns: readonly string[], table?: string): RawBuilder<unknown> =>
  sql.join(columns.map((column) => sql.ref(table === undefined ? column : `${table}.${column}`)))

/**
 * All these rows; but the planner expects one, of such a condition, and looks for it by an index, also by a plan that was made while the table was
 * small. Of an array whose length it cannot see it expects ten, and reads the whole of a small table
 */
const few = (rows: RawBuilder<unknown>, name: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(select * from ${rows} where id between ${sql.lit(FIRST_ID)} and ${sql.lit(LAST_ID)}) as ${name}`
const FIRST_ID = '00000000-0000-0000-0000-000000000000'
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

type Found<Row> = Row & { is_unchanged: number }

export function unchangedOf(): Unchanged {
  /** By the keys of what is written */
  const compiled = new Map<string, CompiledQuery<Found<unknown>>>()

  function compile(connection: Kysely<Tables>, write: WriteIfUnchanged): CompiledQuery<Found<unknown>> {
    const shape = write.writes.map(({ key }) => key).join()
    const before = compiled.get(shape)
    if (before) return before
    const made = statement(write).compile(connection)
    compiled.set(shape, made)
    return made
  }

  return {
    read: (table, columns, ids) =>
      sql`select c.* from unnest(${uuids(ids)}) as k (id)
        cross join lateral (select ${listOf(columns, 'c')} from ${table} as c where c.id = k.id limit 1) as c`,
    // In the order of their ids, in which they are locked
    asRead(columns, rows) {
      const sorted = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))
      return Object.entries(columns).map(([column, kind]) => columnText(sorted, column, kind))
    },
    async write<Row>(connection: Kysely<Tables>, write: WriteIfUnchanged): Promise<Row[] | undefined> {
      const query = compile(connection, write)
      const read = new Map(Object.keys(write.columns).map((column, i) => [column, write.read[i]]))
      const rows = new Map<string, object[]>([...write.writes, write.known].map((one) => [one.key, one.rows]))
      const parameters = query.parameters.map((value) =>
        value instanceof Slot
          ? value.key === READ
            ? read.get(value.column)
            : columnText(rows.get(value.key) ?? [], value.column, value.kind)
          : value,
      )
      const { rows: found } = await connection.executeQuery<Found<Row>>({ ...query, parameters })
      return found[0]?.is_unchanged === 1 ? undefined : found
    },
  }
}

const READ = 'read'

/** With slots for the values */
function statement({
  table,
  columns,
  known,
  writes: [touch, ...others],
}: WriteIfUnchanged): RawBuilder<Found<unknown>> {
  const slots = (key: string, name: string, kinds: Record<string, Kind>) =>
    unnest(name, kinds, (column, kind) => new Slot(key, column, kind))
  const slotsOf = ({ key, name, kinds }: Write) => slots(key, name, kinds)
  const guarded = (write: Write) => {
    const name = sql.ref(write.name)
    const rows = sql`(select * from ${slotsOf(write)} where (select is_unchanged from checked) = 1) as ${name}`
    return 'id' in write.kinds ? few(rows, name) : rows
  }
  const all = Object.keys(columns)
  const list = listOf(all, 'c')
  const parts = others.map((write, i) => sql`${sql.ref(`w${i}`)} as (${write.statement(guarded(write))})`)
  const nothing = sql.join(all.map(() => sql`null`))
  return sql`with locked as materialized (
    select row(${list}) is not distinct from row(${listOf(all, 'k')}) as is_same, c.* from ${slots(READ, 'k', columns)}
    left join lateral (select ${list} from ${table} as c where c.id = k.id limit 1 for no key update skip locked) as c on true
  ), checked as materialized (
    select (bool_and(is_same) and not exists (${known.statement(slotsOf(known))}))::int as is_unchanged from locked
  ), touched as (${touch.statement(guarded(touch))}), ${sql.join(parts)}
  select 0 as is_unchanged, ${listOf(all)} from locked where (select is_unchanged from checked) = 0 and id is not null
  union all select 1, ${nothing} from checked where is_unchanged = 1`
}
