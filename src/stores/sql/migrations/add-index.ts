import { sql } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { createIndex, plainColumns, type GeneratedColumns, type Index } from './index-definition.ts'
import type { MigrationStatement } from './statement.ts'

export interface AddedIndex extends Index {
  table: string
  /** The generated columns that `otherwise` names and that the table lacks so far */
  generated?: GeneratedColumns
}

/**
 * Adds an index to a table that an earlier migration made. Writers wait while it is made: for seconds with a million rows, and on
 * MySQL and MariaDB for as long as copying the table takes when it needs generated columns. For an index over messages that is too
 * long; make it in a SlowStep, like that of search.
 * @returns no statement where another index serves
 */
export function addIndex(engine: SchemaEngine, { table, generated = {}, ...index }: AddedIndex): MigrationStatement[] {
  if (engine.hasPartialIndexes) return [createIndex(engine, table, index)]
  const columns = plainColumns(index)
  if (columns.length === 0) return []
  // In one statement, which such an engine does wholly or not at all
  const additions = [
    ...Object.entries(generated).map(
      ([name, { type, as }]) => sql`add column ${sql.ref(name)} ${type} generated always as (${as}) stored`,
    ),
    sql`add ${sql.raw(index.unique ? 'unique index' : 'index')} ${sql.id(index.name)} (${sql.join(columns.map((c) => sql.ref(c)))})`,
  ]
  const statement = sql`alter table ${sql.table(table)} ${sql.join(additions)}`.compile(engine.compiler)
  return [{ ...statement, unless: engine.leftovers?.index(table, index.name) }]
}
