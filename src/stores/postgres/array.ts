import { sql, type RawBuilder } from 'kysely'

/**
 * As a subquery, so that the planner never sees how long it is: a plan for its values is then no cheaper than one for any, and the statement
 * is planned once for each connection instead of each time, which costs more than running it
 */
export const array = (values: unknown[], type: string): RawBuilder<unknown> =>
  sql`(select ${values}::${sql.raw(type)})::${sql.raw(type)}`
