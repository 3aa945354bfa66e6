// Since when nothing of a chat's user is taken in.
import type { SchemaEngine } from '../schema-engine.ts'
import { addColumn } from './add-column.ts'
import type { MigrationStatement } from './statement.ts'

export const blocks = (engine: SchemaEngine): MigrationStatement[] => [
  addColumn(engine, { table: 'support_chats', name: 'blocked_at', type: engine.types.time }),
]
