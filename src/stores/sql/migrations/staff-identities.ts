// Members whom an OpenID provider lets in.
import type { SchemaEngine } from '../schema-engine.ts'
import { addColumn } from './add-column.ts'
import { addIndex } from './add-index.ts'
import type { MigrationStatement } from './statement.ts'

const table = 'support_staff'

export const staffIdentities = (engine: SchemaEngine): MigrationStatement[] => [
  addColumn(engine, { table, name: 'identity', type: engine.types.word }),
  addColumn(engine, { table, name: 'identity_issuer', type: engine.types.text }),
  ...addIndex(engine, { table, name: 'support_staff_identity', columns: ['identity'], unique: true }),
]
