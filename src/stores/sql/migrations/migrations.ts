// One set of migrations for every engine. Each brings the schema from version n to n + 1; none is edited once released.
import { sql, type CompiledQuery } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { first } from './first.ts'
import { createTable } from './table.ts'

const MIGRATIONS = [first]

/** What is left to run from `version` on, each migration ending with the record that it was */
export function pendingMigrations(engine: SchemaEngine, version: number): string[] {
  const { integer, time } = engine.types
  const table = createTable(engine, {
    name: 'support_migrations',
    columns: (t) =>
      t
        .addColumn('version', integer as never, (c) => c.primaryKey().notNull())
        .addColumn('applied_at', time as never, (c) => c.notNull()),
  })
  const steps = MIGRATIONS.slice(version).flatMap((migration, i) => [
    ...migration(engine),
    record(engine, version + i + 1),
  ])
  return [...(version === 0 ? table : []), ...steps].map(plain)
}

const record = ({ compiler, now }: SchemaEngine, version: number): CompiledQuery =>
  compiler
    .insertInto('support_migrations')
    .values({ version: sql.lit(version), applied_at: now })
    .compile()

/** Schema statements take no parameters: that they can be shown to a person before they are run is the point */
function plain({ sql: text, parameters }: CompiledQuery): string {
  if (parameters.length > 0) throw new Error(`A migration with parameters: ${text}`)
  return text
}
