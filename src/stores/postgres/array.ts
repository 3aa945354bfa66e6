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

/** Kinds whose values are all of one size, so that one of them is found without a look at those before it */
const FIXED: ReadonlySet<Kind> = new Set<Kind>(['uuid', 'integer', 'time'])

/**
 * Rows as a table, hidden from the planner in the same way: what has an offset is not pulled into the query around it. The first column, in which
 * nothing is NULL, and texts are made rows of by `unnest`, which keeps a table for each; the others are looked up, for less than half of that.
 * @param values all those of a column, as `binaryArray`
 */
export function unnest(
  name: string,
  kinds: Record<string, Kind>,
  values: (column: string, kind: Kind) => unknown,
): RawBuilder<unknown> {
  const all = Object.entries(kinds)
  const isUnnested = (kind: Kind, i: number): boolean => i === 0 || !FIXED.has(kind)
  const unnested = all.flatMap(([column, kind], i) => (isUnnested(kind, i) ? [column] : []))
  const arrays = sql.join(all.map(([column, kind]) => typed(values(column, kind), kind)))
  const fields = all.map(([column, kind], i) =>
    isUnnested(kind, i) ? sql.ref(`r.${column}`) : sql`${sql.ref(`p.${column}`)}[r.place] as ${sql.ref(column)}`,
  )
  return sql`(select ${sql.join(fields)} from (select ${arrays} offset 0) as p (${listOf(all.map(([column]) => column))}),
    unnest(${listOf(unnested.map((column) => `p.${column}`))}) with ordinality as r (${listOf(unnested)}, place)) as ${sql.ref(name)}`
}

const listOf = (columns: readonly string[]): RawBuilder<unknown> => sql.join(columns.map((column) => sql.ref(column)))
