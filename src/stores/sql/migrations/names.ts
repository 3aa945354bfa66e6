// People are found by their name, and by its later words.
import { sql } from 'kysely'
import { NAME_WORDS } from '../../../protocol/name-search.ts'
import { nameFrom } from '../../rules/people-search.ts'
import type { SchemaEngine } from '../schema-engine.ts'
import { addIndex } from './add-index.ts'
import type { MigrationStatement } from './statement.ts'

export function names(engine: SchemaEngine): MigrationStatement[] {
  const from = Array.from({ length: NAME_WORDS }, (_, i) => ({
    column: `name_from_${i + 1}`,
    as: sql.raw(nameFrom('name', i + 1, engine.spaceIn)),
  }))
  const columns = Object.fromEntries(from.map(({ column, as }) => [column, { type: engine.types.person, as }]))
  return from.flatMap(({ column, as }, i) =>
    addIndex(engine, {
      table: 'support_users',
      name: `support_users_${column}`,
      columns: [as, 'id'],
      // With the first one, so that a table is copied once
      generated: i === 0 ? columns : {},
      otherwise: [column, 'id'],
    }),
  )
}
