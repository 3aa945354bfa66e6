import { sql, type CompiledQuery, type RawBuilder } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'

export interface Index {
  name: string
  columns: (string | RawBuilder<unknown>)[]
  unique?: boolean
  /** Only these rows are in it */
  where?: RawBuilder<unknown>
  /**
   * Its columns on an engine without partial indexes and indexed expressions, generated ones among them; empty: another index
   * serves there
   */
  otherwise?: string[]
}

/** Columns that stand for a condition or an expression, on engines whose indexes have neither */
export type GeneratedColumns = Record<string, { type: RawBuilder<unknown>; as: RawBuilder<unknown> }>

/** The index on an engine with partial indexes */
export function createIndex({ compiler }: SchemaEngine, table: string, index: Index): CompiledQuery {
  const named = compiler.schema.createIndex(index.name).on(table)
  const unique = index.unique ? named.unique() : named
  const onColumns = unique.expression(sql`${sql.join(index.columns.map(asColumn))}`)
  return (index.where ? onColumns.where(index.where as RawBuilder<boolean>) : onColumns).compile()
}

/** The columns of the index on an engine without */
export const plainColumns = ({ columns, otherwise }: Index): string[] =>
  otherwise ?? columns.filter((column) => typeof column === 'string')

const asColumn = (column: string | RawBuilder<unknown>): RawBuilder<unknown> =>
  typeof column === 'string' ? sql.ref(column) : column
