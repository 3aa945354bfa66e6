import { sql } from 'kysely'
import type { Engine } from './engine.ts'
import type { Time } from './tables.ts'
import { writeOf, type Write } from './write.ts'

export interface PendingNotification {
  id: string
  chat_id: string
  due_at: Time
  /** When it was asked for */
  at: Time
}

/** At most one of each chat. One that is pending already stays as it is */
export function pendingNotifications(engine: Engine, table: string, rows: PendingNotification[]): Write {
  const kinds = { id: 'uuid', chat_id: 'uuid', due_at: 'time', at: 'time' } as const
  const statement: Write['statement'] = (from) => {
    const onConflictDoNothing = engine.onConflictDoNothing({
      columns: ['chat_id'],
      where: sql`state = 'pending'`,
      anyColumn: `${table}.chat_id`,
    })
    return sql`insert into ${sql.table(table)} (id, chat_id, state, due_at, created_at, updated_at)
      select f.id, f.chat_id, 'pending', f.due_at, f.at, f.at from ${from} ${onConflictDoNothing}`
  }
  return writeOf<PendingNotification>({ key: table, name: 'f', kinds, rows, statement })
}
