// A row's version is the transaction that wrote it, which PostgreSQL keeps in `xmin`.
import { sql } from 'kysely'
import { array } from './array.ts'
import type { Engine, Versioned, Versions } from '../sql/engine.ts'

export const versionsOf = (engine: Engine): Versions => ({
  read<Row>(...[table, columns, ids, isKnown]: Parameters<Versions['read']>) {
    const list = sql.join(columns.map((column) => sql.ref(column)))
    return sql<
      Row & Versioned & { is_known: number }
    >`select ${list}, xmin::text as version, (${isKnown})::int as is_known
      from ${table} where id = any(${array(ids, 'uuid[]')})`
  },
  write(table, read, statements) {
    const sorted = read.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const ids = sorted.map(({ id }) => id)
    const versions = sorted.map(({ version }) => version)
    const guarded: Engine = {
      ...engine,
      rows: (name, columns, rows) =>
        sql`(select * from ${engine.rows(name, columns, rows)} where (select is_unchanged from checked) = 1) as ${sql.ref(name)}`,
    }
    const parts = statements(guarded).map((statement, i) => sql`${sql.ref(`w${i}`)} as (${statement})`)
    return sql`with checked as materialized (
      select (array_agg(c.version) is not distinct from ${versions}::text[])::int as is_unchanged from (
        select xmin::text as version from ${table} where id = any(${array(ids, 'uuid[]')}) order by id for no key update skip locked) as c
    ), ${sql.join(parts)} select is_unchanged from checked`
  },
})
