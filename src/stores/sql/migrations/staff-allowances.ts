// How many attempts to sign in are left, counted by all nodes together.
import type { CompiledQuery } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { createTable } from './table.ts'

export const staffAllowances = (engine: SchemaEngine): CompiledQuery[] =>
  createTable(engine, {
    name: 'support_staff_allowances',
    columns: (t) =>
      t
        .addColumn('id', engine.types.word as never, (c) => c.primaryKey().notNull())
        .addColumn('used_until', engine.types.time as never, (c) => c.notNull()),
    inOrderOf: 'primary key',
  })
