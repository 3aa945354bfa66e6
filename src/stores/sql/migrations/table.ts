import type { CompiledQuery, CreateTableBuilder, RawBuilder } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { createIndex, plainColumns, type GeneratedColumns, type Index } from './index-definition.ts'

export type Columns = CreateTableBuilder<string, string>

export interface TableDefinition {
  name: string
  columns: (table: Columns) => Columns
  /**
   * `primary key`: rows are stored in its order where the engine can. Columns: they are stored in the order of these, which identify
   * a row too, so that rows that are read together are stored together; the table then declares no primary key, and has a column
   * `id`.
   */
  inOrderOf?: 'primary key' | { name: string; columns: string[] }
  generated?: GeneratedColumns
  indexes?: Index[]
}

/** The statements that make a table and its indexes on an engine */
export function createTable(engine: SchemaEngine, definition: TableDefinition): CompiledQuery[] {
  const { name, columns, inOrderOf, generated = {} } = definition
  const { schema } = engine.compiler
  let table: Columns = columns(schema.createTable(name))
  const keys = typeof inOrderOf === 'object' ? [inOrderOf, { name: `${name}_id`, columns: ['id'] }] : undefined
  // One is the primary key, in whose order rows are stored, and the other an index that leads to it
  if (keys && !engine.clusteredEnd) keys.reverse()
  const [primary, other] = keys ?? []
  if (primary) table = table.addPrimaryKeyConstraint(primary.name, primary.columns)
  const indexes = [...(other ? [{ ...other, unique: true }] : []), ...(definition.indexes ?? [])]
  const end = inOrderOf ? (engine.clusteredEnd ?? engine.tableEnd) : engine.tableEnd
  if (end) table = table.modifyEnd(end)
  if (engine.hasPartialIndexes) {
    return [table.compile(), ...indexes.map((index) => createIndex(engine, name, index))]
  }
  for (const [column, { type, as }] of Object.entries(generated)) {
    table = table.addColumn(column, type as RawBuilder<string>, (c) => c.generatedAlwaysAs(as).stored())
  }
  for (const index of indexes) {
    const list = plainColumns(index)
    if (list.length === 0) continue
    table = index.unique ? table.addUniqueConstraint(index.name, list) : table.addIndex(index.name, list)
  }
  return [table.ifNotExists().compile()]
}
