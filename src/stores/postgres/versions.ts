// A row's version is the text of what was read of it. So changes of other columns do not count, and a row that came back to what it was
// is the same.
import { sql, type CompiledQuery, type Kysely, type RawBuilder } from 'kysely'
import type { Versioned, VersionedOutcome, VersionedWrite, Versions } from '../sql/engine.ts'
import type { Tables } from '../sql/tables.ts'
import type { Write } from '../sql/write.ts'
import { array, columnText, unnest } from './array.ts'

/** Where the values of a column go, in a statement that is built once for all rows */
class Slot {
  readonly key: string
  readonly column: string

  constructor(key: string, column: string) {
    this.key = key
    this.column = column
  }
}

const listOf = (columns: readonly string[], table?: string): RawBuilder<unknown> =>
  sql.join(columns.map((column) => sql.ref(table === undefined ? column : `${table}.${column}`)))

const versionOf = (columns: RawBuilder<unknown>): RawBuilder<string> => sql`row(${columns})::text`

/**
 * All these rows; but the planner expects one, of such a condition, and looks for it by an index, also by a plan that was made while the table was
 * small. Of an array whose length it cannot see it expects ten, and reads the whole of a small table
 */
const few = (rows: RawBuilder<unknown>, name: string): RawBuilder<unknown> =>
  sql`(select * from ${rows} where id between ${sql.lit(FIRST_ID)} and ${sql.lit(LAST_ID)}) as ${sql.ref(name)}`
const FIRST_ID = '00000000-0000-0000-0000-000000000000'
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

type Found<Row> = Row & { is_unchanged: number; id: string | null; version: string }

export function versionsOf(): Versions {
  /** By the keys of what is written */
  const compiled = new Map<string, CompiledQuery<Found<unknown>>>()

  function compile(connection: Kysely<Tables>, write: VersionedWrite): CompiledQuery<Found<unknown>> {
    const shape = write.writes.map(({ key }) => key).join()
    const before = compiled.get(shape)
    if (before) return before
    const made = statement(write).compile(connection)
    compiled.set(shape, made)
    return made
  }

  return {
    of: (columns) => versionOf(listOf(columns, 'c')),
    read: (table, columns, ids) => {
      const list = listOf(columns, 'c')
      return sql`select c.* from unnest(${array(ids, 'uuid')}) as k (id)
        cross join lateral (select ${list}, ${versionOf(list)} as version from ${table} as c where c.id = k.id limit 1) as c`
    },
    async write<Row>(connection: Kysely<Tables>, write: VersionedWrite): Promise<VersionedOutcome<Row>> {
      const query = compile(connection, write)
      const read: Versioned[] = write.read.toSorted((a, b) => (a.id < b.id ? -1 : 1))
      const rows = new Map<string, object[]>([...write.writes, write.known].map((one) => [one.key, one.rows]))
      rows.set(READ, read)
      const parameters = query.parameters.map((value) =>
        value instanceof Slot ? columnText(rows.get(value.key) ?? [], value.column) : value,
      )
      const { rows: found } = await connection.executeQuery<Found<Row>>({ ...query, parameters })
      const isUnchanged = found[0]?.is_unchanged === 1
      const there = found.filter((row): row is Found<Row> & Versioned => row.id !== null)
      return isUnchanged ? { written: true, rows: there } : { written: false, rows: there }
    },
  }
}

const READ = 'read'

/** With slots for the values */
function statement({ table, columns, known, writes: [touch, ...others] }: VersionedWrite): RawBuilder<Found<unknown>> {
  const slots = ({ key, name, kinds }: Pick<Write, 'key' | 'name' | 'kinds'>) =>
    unnest(name, kinds, (column) => new Slot(key, column))
  const guarded = (write: Write) =>
    sql`(select * from ${slots(write)} where (select is_unchanged from checked) = 1) as ${sql.ref(write.name)}`
  const list = listOf(columns, 'c')
  const touched = sql`${touch.statement(few(guarded(touch), touch.name))} returning c.id, ${versionOf(list)} as version`
  const parts = others.map((write, i) => sql`${sql.ref(`w${i}`)} as (${write.statement(guarded(write))})`)
  const nothing = sql.join(columns.slice(1).map(() => sql`null`))
  return sql`with locked as materialized (
    select k.version as read_version, c.* from ${slots({ key: READ, name: 'k', kinds: { id: 'uuid', version: 'text' } })}
    left join lateral (
      select ${list}, ${versionOf(list)} as version from ${table} as c where c.id = k.id limit 1 for no key update skip locked
    ) as c on true
  ), checked as materialized (
    select (bool_and(version is not distinct from read_version) and not exists (${known.statement(slots(known))}))::int as is_unchanged from locked
  ), touched as (${touched}), ${sql.join(parts)}
  select 0 as is_unchanged, ${listOf(columns)}, version from locked where (select is_unchanged from checked) = 0
  union all select 1, id, ${nothing}, version from touched`
}
