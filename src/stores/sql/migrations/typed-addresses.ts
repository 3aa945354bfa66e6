// The addresses that people without an account typed, which may be anybody's: when mails went there, and that their owners want none.
import type { CompiledQuery } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { createTable } from './table.ts'

export function typedAddresses(engine: SchemaEngine): CompiledQuery[] {
  const { email, time, uuid } = engine.types
  return createTable(engine, {
    name: 'support_typed_addresses',
    columns: (t) =>
      t
        .addColumn('address', email as never, (c) => c.primaryKey().notNull())
        // The notification whose mail went there last
        .addColumn('mail_id', uuid as never)
        .addColumn('mailed_at', time as never)
        .addColumn('unsubscribed_at', time as never),
    indexes: [{ name: 'support_typed_addresses_mailed', columns: ['mailed_at'] }],
  })
}
