// Members who want no mails about messages that wait.
import type { SchemaEngine } from '../schema-engine.ts'
import { addColumn } from './add-column.ts'
import type { MigrationStatement } from './statement.ts'

export const mailsOff = (engine: SchemaEngine): MigrationStatement[] => [
  addColumn(engine, { table: 'support_staff', name: 'mails_off_at', type: engine.types.time }),
]
