// The last rating of each chat.
import type { SchemaEngine } from '../schema-engine.ts'
import { addColumn } from './add-column.ts'
import type { MigrationStatement } from './statement.ts'

export function ratings(engine: SchemaEngine): MigrationStatement[] {
  const { integer, text, time } = engine.types
  const table = 'support_chats'
  return [
    addColumn(engine, { table, name: 'rating_score', type: integer }),
    addColumn(engine, { table, name: 'rating_comment', type: text }),
    addColumn(engine, { table, name: 'rated_at', type: time }),
  ]
}
