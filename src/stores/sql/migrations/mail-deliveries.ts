import type { SchemaEngine } from '../schema-engine.ts'
import { addColumn } from './add-column.ts'
import type { MigrationStatement } from './statement.ts'
import { createTable } from './table.ts'

/** What became of mails, by the services that carried them, and the addresses that get none any more */
export function mailDeliveries(engine: SchemaEngine): MigrationStatement[] {
  const { email, text, time, word } = engine.types
  // Both, since they are read by the same statements
  const tables = ['support_notifications', 'support_staff_mails']
  return [
    ...tables.flatMap((table) => [
      addColumn(engine, { table, name: 'delivery', type: word }),
      addColumn(engine, { table, name: 'delivery_at', type: time }),
      addColumn(engine, { table, name: 'delivery_reason', type: text }),
    ]),
    ...createTable(engine, {
      name: 'support_mail_blocks',
      columns: (t) =>
        t
          .addColumn('address', email as never, (c) => c.primaryKey().notNull())
          .addColumn('kind', word as never, (c) => c.notNull())
          .addColumn('at', time as never, (c) => c.notNull())
          .addColumn('reason', text as never)
          // Staff let mails go there again. The row stays, so that what happened before cannot stop them once more
          .addColumn('unblocked_at', time as never),
    }),
  ]
}
