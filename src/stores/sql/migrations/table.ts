import type { CompiledQuery, CreateTableBuilder, RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'

export type Columns = CreateTableBuilder<string, string>

export interface Index {
  name: string
  columns: (string | RawBuilder<unknown>)[]
  unique?: boolean
  /** Only these rows are in it */
  where?: RawBuilder<unknown>
  /** Its columns on an engine without conditions or expressions, generated ones among them; none when another serves for it */
  otherwise?: string[]
}

export interface TableDefinition {
  name: string
  columns: (table: Columns) => Columns
  /**
   * `primary key`: rows lie in the order of it where the engine can keep them so. Columns: in the order of these, which name a row
   * too, so that rows that are read together lie beside each other; the table has no primary key so far, and a column `id`.
   */
  inOrderOf?: 'primary key' | { name: string; columns: string[] }
  /** Columns that stand for a condition on engines whose indexes have none */
  generated?: Record<string, { type: RawBuilder<unknown>; as: RawBuilder<unknown> }>
  indexes?: Index[]
}

/** The statements that make a table and its indexes on an engine */
export function createTable(engine: SchemaEngine, definition: TableDefinition): CompiledQuery[] {
  const { name, columns, inOrderOf, generated = {} } = definition
  const { schema } = engine.compiler
  let table: Columns = columns(schema.createTable(name))
  const keys = typeof inOrderOf === 'object' ? [inOrderOf, { name: `${name}_id`, columns: ['id'] }] : undefined
  // One is the primary key, by which rows lie, and the other an index that leads to it
  if (keys && !engine.clusteredEnd) keys.reverse()
  const [primary, other] = keys ?? []
  if (primary) table = table.addPrimaryKeyConstraint(primary.name, primary.columns)
  const indexes = [...(other ? [{ ...other, unique: true }] : []), ...(definition.indexes ?? [])]
  const end = inOrderOf ? (engine.clusteredEnd ?? engine.tableEnd) : engine.tableEnd
  if (end) table = table.modifyEnd(end)
  if (engine.hasPartialIndexes) {
    const made = indexes.map((index) => {
      const named = schema.createIndex(index.name).on(name)
      const unique = index.unique ? named.unique() : named
      const onColumns = unique.expression(sql`${sql.join(index.columns.map(asColumn))}`)
      return (index.where ? onColumns.where(index.where as RawBuilder<boolean>) : onColumns).compile()
    })
    return [table.compile(), ...made]
  }
  for (const [column, { type, as }] of Object.entries(generated)) {
    table = table.addColumn(column, type as RawBuilder<string>, (c) => c.generatedAlwaysAs(as).stored())
  }
  for (const { name: index, columns: all, otherwise, unique } of indexes) {
    const list = otherwise ?? all.filter((column) => typeof column === 'string')
    if (list.length > 0) table = unique ? table.addUniqueConstraint(index, list) : table.addIndex(index, list)
  }
  return [table.ifNotExists().compile()]
}

const asColumn = (column: string | RawBuilder<unknown>): RawBuilder<unknown> =>
  typeof column === 'string' ? sql.ref(column) : column
