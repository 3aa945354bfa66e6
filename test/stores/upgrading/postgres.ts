import { Pool, type PoolClient } from 'pg'
import type { Migration } from '../../../src/stores/sql/migrations/migrations.ts'
import { migrate } from '../../../src/stores/sql/migrator.ts'
import { postgresStore } from '../../../src/stores/postgres.ts'
import { postgresMigration } from '../../../src/stores/postgres/migration.ts'
import { postgresConnectionPool, type PostgresPool } from '../../../src/stores/postgres/pool.ts'
import { onPostgres } from '../../support/databases/postgres.ts'
import { isSchemaStatement, withoutPrefix, withPrefix, type UpgradedEngine } from './database.ts'

/** @param fresh makes an empty database and says its URL */
export const upgradedPostgres = (fresh: () => Promise<string>): UpgradedEngine => ({
  fixture: 'postgres',
  async install(naming) {
    const { prefix, schema = 'public' } = naming
    const url = await fresh()
    const pool = new Pool({ connectionString: url })
    pool.on('error', () => undefined)
    const run = (over: PostgresPool, migrations: readonly Migration[]) =>
      migrate(postgresMigration(postgresConnectionPool(over, false, true), naming, false), migrations)
    const rows = async (query: string): Promise<unknown[]> => (await pool.query<object>(query)).rows
    return {
      load: (fixture) =>
        onPostgres(
          url,
          `create schema if not exists ${schema}; set search_path to ${schema}; ${withPrefix(fixture, prefix)}`,
        ),
      async catalogue() {
        const found = [
          await rows(`select table_name, column_name, ordinal_position, column_default, is_nullable, data_type, collation_name
            from information_schema.columns where table_schema = '${schema}' order by table_name, ordinal_position`),
          await rows(`select tablename, indexname, replace(indexdef, ' ${schema}.', ' ') from pg_indexes
            where schemaname = '${schema}' order by indexname`),
          await rows(`select conrelid::regclass::text as table_name, conname, replace(pg_get_constraintdef(oid), '${schema}.', '')
            from pg_constraint where connamespace = '${schema}'::regnamespace order by 1, 2`),
        ]
        return JSON.parse(withoutPrefix(JSON.stringify(found), prefix).replaceAll(`${schema}.`, '')) as unknown
      },
      open: () => postgresStore(url, { ...(prefix === undefined ? {} : { prefix }), schema }),
      migrate: (migrations) => run(pool, migrations),
      migrateUntil: (n, migrations) => run(dyingPool(pool, n), migrations),
      async value(query) {
        const [row] = await rows(query.replace(/\{(\w+)\}/, `${schema}.${prefix ?? ''}$1`))
        return Object.values(row ?? {})[0] as unknown
      },
      close: () => pool.end(),
    }
  },
})

/** The server ends its connection before the nth schema statement */
function dyingPool(pool: Pool, n: number): PostgresPool {
  let left = n
  const endBackend = ({ processID }: PoolClient & { processID?: number }) =>
    pool.query('select pg_terminate_backend($1, 5000)', [processID])
  return {
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect()
      return {
        async query(query) {
          if (isSchemaStatement(query.text) && --left === 0) await endBackend(client)
          return client.query(query)
        },
        release: (destroy) => client.release(destroy),
        on: (event, listener) => client.on(event, listener),
        off: (event, listener) => client.off(event, listener),
      }
    },
  }
}
