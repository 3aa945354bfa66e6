import { sql } from 'kysely'
import { StoreUnavailable, type Store } from '../../server/ports/store.ts'
import { append } from './append.ts'
import { chats } from './chats.ts'
import { SqlDatabase } from './database.ts'
import { isTransport } from './driver.ts'
import type { Engine } from './engine.ts'
import { newEpoch } from './migrations/first.ts'
import { list } from './list.ts'
import { mails } from './mails.ts'
import { migrate, type MigrationHost } from './migrator.ts'
import type { Naming } from './names.ts'
import { notificationAccount } from './notification-account.ts'
import { notifications } from './notifications.ts'
import { people } from './people.ts'
import { reading } from './reading.ts'
import { revocations } from './revocations.ts'

/** The store over an engine, its tables up to date */
export async function openStore(engine: Engine, host: MigrationHost, naming: Naming): Promise<Store> {
  const database = new SqlDatabase(engine, host.lines, naming)
  const { db } = database
  const bringUpToDate = async (): Promise<void> => {
    try {
      await migrate(host)
    } catch (error) {
      const isPassing = isTransport(error) || engine.isPassing(error)
      throw isPassing ? new StoreUnavailable((error as Error).message, { cause: error }) : error
    }
  }
  try {
    await bringUpToDate()
    const meta = await db.selectFrom('support_meta').select('value').where('name', '=', 'epoch').executeTakeFirst()
    if (!meta) throw new Error('The database has no epoch')
    return {
      ...people(database),
      ...chats(database),
      ...list(database),
      ...append(database),
      ...reading(database),
      ...notifications(database),
      ...notificationAccount(database),
      ...mails(database),
      ...revocations(database),
      epoch: meta.value,
      migrate: bringUpToDate,
      close: () => host.lines.close(),
      async ping() {
        const row = await db
          .selectFrom('support_meta')
          .select(['value', sql<string>`current_timestamp(3)`.as('time')])
          .where('name', '=', 'epoch')
          .executeTakeFirst()
        if (!row) throw new Error('The database has no epoch')
        return { epoch: row.value, time: row.time }
      },
      async renewEpoch() {
        const value = newEpoch()
        await database.insist(() => db.updateTable('support_meta').set({ value }).where('name', '=', 'epoch').execute())
        return value
      },
    }
  } catch (error) {
    await host.lines.close()
    throw error
  }
}
