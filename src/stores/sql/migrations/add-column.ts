import type { RawBuilder } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import type { MigrationStatement } from './statement.ts'

export interface ColumnDefinition {
  table: string
  name: string
  /** One of `SchemaEngine.types` */
  type: RawBuilder<unknown>
  /**
   * A literal, for the rows that exist and those that nodes of the version before insert; the column is NOT NULL then. Without it,
   * the column is NULL in these rows. MySQL has no defaults for columns of `text` and `json`.
   */
  default?: RawBuilder<unknown>
}

/** Adds a column to a table that an earlier migration made. No engine rewrites the table for it. */
export function addColumn(engine: SchemaEngine, definition: ColumnDefinition): MigrationStatement {
  const { table, name, type, default: value } = definition
  const statement = engine.compiler.schema
    .alterTable(table)
    .addColumn(name, type as never, (column) => (value ? column.notNull().defaultTo(value) : column))
    .compile()
  return { ...statement, unless: engine.leftovers?.column(table, name) }
}
