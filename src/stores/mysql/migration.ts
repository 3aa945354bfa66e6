import type { Line, Lines } from '../sql/line.ts'
import type { MigrationHost } from '../sql/migrator.ts'
import type { Naming } from '../sql/naming.ts'
import { mysqlEngine, type Brand } from './engine.ts'

/** Seconds that a node waits for another one's migration */
const LOCK_WAIT = 600

export function mysqlMigration(lines: Lines, brand: Brand, { prefix = '' }: Naming): MigrationHost {
  const table = `${prefix}support_migrations`
  // Names of locks are the whole server's, and at most 64 characters
  const lock = `concat(left(database(), 30), ':${prefix}')`
  return {
    engine: mysqlEngine({ prefix }, brand),
    lines,
    find: `select 1 from information_schema.tables where table_name = '${table}' and table_schema = database()`,
    versionTable: `\`${table}\``,
    prepare: [],
    async exclusively(line: Line, work) {
      const [row] = (await line.run(`select get_lock(${lock}, ${LOCK_WAIT}) as got`, [])).rows
      if ((row as { got: number | null }).got !== 1) throw new Error('Another node has been migrating for ten minutes')
      await work()
      await line.exec(`do release_lock(${lock})`)
    },
  }
}

/** Which of the two this server is */
export async function brandOf(lines: Lines): Promise<Brand> {
  const line = await lines.borrow()
  try {
    const [row] = (await line.run('select version() as version', [])).rows
    return /mariadb/i.test((row as { version: string }).version) ? 'mariadb' : 'mysql'
  } finally {
    line.release()
  }
}
