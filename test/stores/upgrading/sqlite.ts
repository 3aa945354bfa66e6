import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Migration } from '../../../src/stores/sql/migrations/migrations.ts'
import { sqliteStore } from '../../../src/stores/sqlite.ts'
import { Database } from '../../../src/stores/sqlite/database.ts'
import { openFile } from '../../../src/stores/sqlite/file.ts'
import { migrate } from '../../../src/stores/sqlite/migrator.ts'
import { withoutPrefix, withPrefix, type UpgradedEngine } from './database.ts'

/** Is not valid on any engine */
const broken: Migration = ({ compiler }) => [sql`interrupted`.compile(compiler)]

export const upgradedSqlite: UpgradedEngine = {
  fixture: 'sqlite',
  async install({ prefix }) {
    const dir = mkdtempSync(join(tmpdir(), 'deskbell-upgrading-'))
    const file = join(dir, 'chat.db')
    const connection = openFile(file)
    const rows = (query: string) => connection.prepare(query).all()
    const run = (migrations: readonly Migration[]) => migrate(new Database(connection, { prefix }), false, migrations)
    return {
      load: async (fixture) => connection.exec(withPrefix(fixture, prefix)),
      async catalogue() {
        const made = rows('select type, name, tbl_name, sql from sqlite_schema order by name')
        const columns = rows(`select t.name as table_name, c.* from sqlite_schema t join pragma_table_xinfo(t.name) c
          where t.type = 'table' order by t.name, c.cid`)
        return JSON.parse(withoutPrefix(JSON.stringify([made, columns]), prefix)) as unknown
      },
      open: () => sqliteStore(file, prefix === undefined ? {} : { prefix }),
      migrate: run,
      migrateUntil: (n, migrations) =>
        run([
          ...migrations.slice(0, -1),
          (engine) => [...(migrations.at(-1)?.(engine) ?? []).slice(0, n - 1), ...broken(engine)],
        ]),
      async value(query) {
        const [row] = rows(query.replace(/\{(\w+)\}/, `${prefix ?? ''}$1`))
        return Object.values(row ?? {})[0]
      },
      async close() {
        connection.close()
        rmSync(dir, { recursive: true, force: true })
      },
    }
  },
}
