import type { SchemaEngine } from '../schema-engine.ts'
import { addColumn } from './add-column.ts'
import type { MigrationStatement } from './statement.ts'

/** What the host says about a person, as JSON text in the order in which it is shown; null: nothing */
export const attributes = (engine: SchemaEngine): MigrationStatement[] => [
  addColumn(engine, { table: 'support_users', name: 'attributes', type: engine.types.text }),
]
