// Texts that staff send often.
import type { CompiledQuery } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { createTable } from './table.ts'

export function replies(engine: SchemaEngine): CompiledQuery[] {
  const { uuid, person, text, time } = engine.types
  return createTable(engine, {
    name: 'support_replies',
    columns: (t) =>
      t
        .addColumn('id', uuid as never, (c) => c.primaryKey().notNull())
        // The type of a short text of any script
        .addColumn('shortcut', person as never, (c) => c.notNull())
        .addColumn('title', text as never, (c) => c.notNull())
        .addColumn('body', text as never, (c) => c.notNull())
        .addColumn('updated_at', time as never, (c) => c.notNull()),
    indexes: [{ name: 'support_replies_shortcut', columns: ['shortcut'], unique: true }],
  })
}
