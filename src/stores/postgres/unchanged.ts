// Writes where rows are as they were read. What was read is compared by columns: changes of others do not count, and a row that came back to
// what it was is the same.
import { sql, type CompiledQuery, type Kysely, type RawBuilder } from 'kysely'
import type { Unchanged, WriteIfUnchanged } from '../sql/engine.ts'
import type { Tables } from '../sql/tables.ts'
import type { Kind, Write } from '../sql/write.ts'
import { unnest, uuids } from './array.ts'
import { binaryArray } from './binary-array.ts'

/** The place of a column of what was read, in a statement that is built once for all rows */
class ReadSlot {
  readonly index: number

  constructor(index: number) {
    this.index = index
  }
}

/** The same of a column of rows that are looked for or written */
class Slot extends ReadSlot {
  readonly column: string
  readonly kind: Kind

  /** @param index of the rows: first those that are looked for */
  constructor(index: number, column: string, kind: Kind) {
    super(index)
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
      return Object.entries(columns).map(([column, kind]) => binaryArray(sorted, column, kind))
    },
    async write<Row>(connection: Kysely<Tables>, write: WriteIfUnchanged): Promise<Row[] | undefined> {
      const query = compile(connection, write)
      const rows = [write.known.rows, ...write.writes.map((one) => one.rows)]
      const parameters = query.parameters.map((value) => {
        if (value instanceof Slot) return binaryArray(rows[value.index] ?? [], value.column, value.kind)
        return value instanceof ReadSlot ? write.read[value.index] : value
      })
      const { rows: found } = await connection.executeQuery<Found<Row>>({ ...query, parameters })
      return found[0]?.is_unchanged === 1 ? undefined : found
    },
  }
}

/** With slots for the values */
function statement({
  table,
  columns,
  known,
  writes: [moved, ...others],
}: WriteIfUnchanged): RawBuilder<Found<unknown>> {
  const all = Object.keys(columns)
  const read = unnest('k', columns, (column) => new ReadSlot(all.indexOf(column)))
  const given = (index: number, { name, kinds }: Write) =>
    unnest(name, kinds, (column, kind) => new Slot(index, column, kind))
  const guarded = (index: number, write: Write) => {
    const name = sql.ref(write.name)
    const rows = sql`(select * from ${given(index, write)} where (select is_unchanged from checked) = 1) as ${name}`
    return 'id' in write.kinds ? few(rows, name) : rows
  }
  const list = listOf(all, 'c')
  const parts = others.map((write, i) => sql`${sql.ref(`w${i}`)} as (${write.statement(guarded(i + 2, write))})`)
  const nothing = sql.join(all.map(() => sql`null`))
  return sql`with locked as materialized (
    select row(${list}) is not distinct from row(${listOf(all, 'k')}) as is_same, c.* from ${read}
    left join lateral (select ${list} from ${table} as c where c.id = k.id limit 1 for no key update skip locked) as c on true
  ), checked as materialized (
    select (bool_and(is_same) and not exists (${known.statement(given(0, known))}))::int as is_unchanged from locked
  ), moved as (${moved.statement(guarded(1, moved))}), ${sql.join(parts)}
  select 0 as is_unchanged, ${listOf(all)} from locked where (select is_unchanged from checked) = 0 and id is not null
  union all select 1, ${nothing} from checked where is_unchanged = 1`
}
