// Files that the host's own code sends in somebody's name do not count for what that person may upload.
import type { SchemaEngine } from '../schema-engine.ts'
import { addColumn } from './add-column.ts'
import type { MigrationStatement } from './statement.ts'

export const uncountedFiles = (engine: SchemaEngine): MigrationStatement[] => [
  addColumn(engine, { table: 'support_attachments', name: 'uncounted', type: engine.types.integer }),
]
