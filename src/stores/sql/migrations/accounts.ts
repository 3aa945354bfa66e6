// The accounts of staff in the stand-alone server.
import { sql, type CompiledQuery } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { createTable, type Columns } from './table.ts'

export function accounts(engine: SchemaEngine): CompiledQuery[] {
  const { uuid, time, integer, email, word, text } = engine.types
  const table = (key: unknown, needed: Record<string, unknown>, optional: Record<string, unknown>) => {
    return (t: Columns): Columns => {
      const keyed = t.addColumn('id', key as never, (c) => c.primaryKey().notNull())
      const full = Object.entries(needed).reduce(
        (r, [name, type]) => r.addColumn(name, type as never, (c) => c.notNull()),
        keyed,
      )
      return Object.entries(optional).reduce((r, [name, type]) => r.addColumn(name, type as never), full)
    }
  }
  return [
    ...createTable(engine, {
      name: 'support_staff',
      columns: (t) =>
        table(
          uuid,
          { email, email_lower: email, role: word, password: text, created_at: time, updated_at: time },
          { name: text, totp: text, recovery: text, last_seen_at: time },
        )(t).addColumn('totp_step', integer as never, (c) => c.notNull().defaultTo(sql.lit(0))),
      indexes: [{ name: 'support_staff_email', columns: ['email_lower'], unique: true }],
    }),
    ...createTable(engine, {
      name: 'support_staff_sessions',
      columns: table(word, { staff_id: uuid, created_at: time, expires_at: time }, {}),
      indexes: [{ name: 'support_staff_sessions_of', columns: ['staff_id'] }],
    }),
    ...createTable(engine, {
      name: 'support_staff_links',
      columns: table(word, { kind: word, created_at: time, expires_at: time }, { staff_id: uuid, email, role: word }),
      indexes: [{ name: 'support_staff_links_kind', columns: ['kind', 'created_at'] }],
    }),
    ...createTable(engine, {
      name: 'support_staff_audit',
      columns: table(uuid, { at: time, action: word }, { actor: text, subject: text, address: word }),
      inOrderOf: 'primary key',
    }),
  ]
}
