import { createPool } from 'mysql2'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Migration } from '../../../src/stores/sql/migrations/migrations.ts'
import { migrate } from '../../../src/stores/sql/migrator.ts'
import { mysqlStore } from '../../../src/stores/mysql.ts'
import { brandOf, mysqlMigration } from '../../../src/stores/mysql/migration.ts'
import { mysqlConnectionPool, type MysqlPool } from '../../../src/stores/mysql/pool.ts'
import { onMysql } from '../../support/databases/mysql.ts'
import { isSchemaStatement, withoutPrefix, withPrefix, type UpgradedEngine } from './database.ts'

/** @param fresh makes an empty database and says its URL */
export async function upgradedMysql(fresh: () => Promise<string>): Promise<UpgradedEngine> {
  const probe = createPool(await fresh())
  const brand = await brandOf(mysqlConnectionPool(probe, false))
  await probe.promise().end()
  return {
    fixture: brand,
    async install({ prefix }) {
      const url = await fresh()
      const naming = prefix === undefined ? {} : { prefix }
      const pool = createPool(url)
      const run = (over: MysqlPool, migrations: readonly Migration[]) =>
        migrate(mysqlMigration(mysqlConnectionPool(over, false), brand, naming), migrations)
      const rows = async (query: string) => (await pool.promise().query<RowDataPacket[]>(query))[0]
      return {
        async load(fixture) {
          const connection = await createConnection({ uri: url, multipleStatements: true, charset: 'utf8mb4' })
          await connection.query(withPrefix(fixture, prefix))
          await connection.end()
        },
        async catalogue() {
          const tables = (await rows('show tables')).map((row) => String(Object.values(row)[0])).sort()
          const made: unknown[] = []
          for (const table of tables) {
            const [row] = await rows(`show create table ${table}`)
            made.push(withoutPrefix(String(row?.['Create Table']), prefix))
          }
          return made
        },
        open: () => mysqlStore(url, naming),
        migrate: (migrations) => run(pool, migrations),
        migrateUntil: (n, migrations) => run(dyingPool(pool, url, n), migrations),
        async value(query) {
          const [row] = await rows(query.replace(/\{(\w+)\}/, `${prefix ?? ''}$1`))
          return Object.values(row ?? {})[0] as unknown
        },
        close: () => pool.promise().end(),
      }
    },
  }
}

/** The server ends its connection before the nth schema statement */
function dyingPool(pool: ReturnType<typeof createPool>, url: string, n: number): MysqlPool {
  let left = n
  return {
    end: (done) => pool.end(done),
    getConnection: (callback) =>
      pool.getConnection((error, connection) =>
        callback(error, {
          execute: (query, values, done) => connection.execute(query, values, done),
          query(query, done) {
            const ask = (): void => void connection.query(query, done)
            if (isSchemaStatement(query.sql) && --left === 0) void onMysql(url, `kill ${connection.threadId}`).then(ask)
            else ask()
          },
          release: () => connection.release(),
          destroy: () => connection.destroy(),
        }),
      ),
  }
}
