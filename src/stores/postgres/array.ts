import { sql, type RawBuilder } from 'kysely'
import type { Kind } from '../sql/write.ts'

const TYPES: Record<Kind, string> = {
  uuid: 'uuid[]',
  person: 'text[]',
  word: 'text[]',
  text: 'text[]',
  integer: 'int4[]',
  time: 'timestamptz[]',
}

/**
 * As a subquery, so that the planner never sees how long it is: a plan for its values is then no cheaper than one for any, and the statement
 * is planned once for each connection instead of each time, which costs more than running it
 */
export const array = (values: unknown, kind: Kind): RawBuilder<unknown> =>
  sql`(select ${values}::${sql.raw(TYPES[kind])})::${sql.raw(TYPES[kind])}`

/** Rows as a table. @param values all those of a column */
export function unnest(
  name: string,
  kinds: Record<string, Kind>,
  values: (column: string) => unknown,
): RawBuilder<unknown> {
  const columns = Object.keys(kinds)
  const arrays = Object.entries(kinds).map(([column, kind]) => array(values(column), kind))
  return sql`unnest(${sql.join(arrays)}) as ${sql.ref(name)} (${sql.join(columns.map((column) => sql.ref(column)))})`
}
