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

const typed = (values: unknown, kind: Kind): RawBuilder<unknown> => sql`${values}::${sql.raw(TYPES[kind])}`

/**
 * As a subquery, so that the planner never sees how long it is: a plan for its values is then no cheaper than one for any, and the statement
 * is planned once for each connection instead of each time, which costs more than running it
 */
export const array = (values: readonly unknown[], kind: Kind): RawBuilder<unknown> =>
  sql`(select ${typed(arrayText(values), kind)})::${sql.raw(TYPES[kind])}`

/**
 * Rows as a table, hidden from the planner in the same way: what has an offset is not pulled into the query around it
 * @param values all those of a column, as `columnText`
 */
export function unnest(
  name: string,
  kinds: Record<string, Kind>,
  values: (column: string) => unknown,
): RawBuilder<unknown> {
  const columns = sql.join(Object.keys(kinds).map((column) => sql.ref(column)))
  const arrays = Object.entries(kinds).map(([column, kind]) => typed(values(column), kind))
  return sql`(select r.* from (select ${sql.join(arrays)} offset 0) as p (${columns}),
    unnest(${sql.join(Object.keys(kinds).map((column) => sql.ref(`p.${column}`)))}) as r (${columns})) as ${sql.ref(name)}`
}

const SPECIAL = /["\\]/
const EACH_SPECIAL = /["\\]/g

/** An element of an array as PostgreSQL reads it */
function element(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value !== 'string') return JSON.stringify(value)
  return `"${SPECIAL.test(value) ? value.replace(EACH_SPECIAL, '\\$&') : value}"`
}

/** The driver's own text of an array takes several times as long */
const arrayText = (values: readonly unknown[]): string => `{${values.map(element).join()}}`

/** A column of rows. One of nothing but NULL is left empty, since `unnest` fills up what is shorter than the others */
export function columnText(rows: readonly object[], column: string): string {
  let text = ''
  let isEmpty = true
  for (const row of rows) {
    const value = (row as Record<string, unknown>)[column]
    isEmpty &&= value === null || value === undefined
    text += text === '' ? element(value) : `,${element(value)}`
  }
  return isEmpty ? '{}' : `{${text}}`
}
