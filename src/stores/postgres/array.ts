// Columns of rows as arrays, which `unnest` makes rows of again.
import { sql, type RawBuilder } from 'kysely'
import type { Kind } from '../sql/write.ts'
import { binaryArray } from './binary-array.ts'

const TYPES: Record<Kind, string> = {
  uuid: 'uuid[]',
  person: 'text[]',
  word: 'text[]',
  text: 'text[]',
  integer: 'int4[]',
  time: 'timestamptz[]',
}

const typed = (values: unknown, kind: Kind): RawBuilder<unknown> => sql`${values}::${sql.raw(TYPES[kind])}`

/**
 * As a subquery, so that the planner never sees how long it is: a plan for its values is then no cheaper than one for any, and the statement
 * is planned once for each connection instead of each time, which costs more than running it
 */
export const uuids = (ids: readonly string[]): RawBuilder<unknown> => {
  const rows = ids.map((id) => ({ id }))
  return sql`(select ${typed(binaryArray(rows, 'id', 'uuid'), 'uuid')})::uuid[]`
}

/**
 * Rows as a table, hidden from the planner in the same way: what has an offset is not pulled into the query around it
 * @param values all those of a column, as `binaryArray`
 */
export function unnest(
  name: string,
  kinds: Record<string, Kind>,
  values: (column: string, kind: Kind) => unknown,
): RawBuilder<unknown> {
  const columns = sql.join(Object.keys(kinds).map((column) => sql.ref(column)))
  const arrays = Object.entries(kinds).map(([column, kind]) => typed(values(column, kind), kind))
  return sql`(select r.* from (select ${sql.join(arrays)} offset 0) as p (${columns}),
    unnest(${sql.join(Object.keys(kinds).map((column) => sql.ref(`p.${column}`)))}) as r (${columns})) as ${sql.ref(name)}`
}
