import type { CompiledQuery } from 'kysely'

/** A statement of a migration. It takes no parameters, so that it can be shown to a person before it runs. */
export interface MigrationStatement extends Pick<CompiledQuery, 'sql' | 'parameters'> {
  /**
   * A query that finds a row when an interrupted run of the migration has made it already; then it is left out. Undefined where
   * that cannot happen, or where the statement can be repeated.
   */
  readonly unless?: string | undefined
}
