import type { ConnectionPool, PooledConnection } from '../sql/connection-pool.ts'
import type { MigrationHost } from '../sql/migrator.ts'
import type { Naming } from '../sql/naming.ts'
import { postgresEngine } from './engine.ts'
import { searchIndex } from './search/search-index.ts'

/** Our number among the advisory locks of a database */
const LOCK = 0x6465_736b

// READ COMMITTED, whatever the database's default: a node that waited for the lock must see what another did meanwhile. A node that
// vanished in the middle loses the lock after a minute
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
  SET LOCAL idle_in_transaction_session_timeout = '1min'`

/** CREATE SCHEMA IF NOT EXISTS needs the right to create one even where it exists */
const makeSchema = (schema: string): string =>
  `do $$ begin if not exists (select from pg_namespace where nspname = '${schema}') then create schema "${schema}"; end if; end $$`

/** @param isSearchable with the index that search needs */
export function postgresMigration(
  pool: ConnectionPool,
  { prefix = '', schema }: Naming,
  isSearchable: boolean,
): MigrationHost {
  const table = `${prefix}support_migrations`
  return {
    engine: postgresEngine({ prefix, schema }),
    pool,
    // Not information_schema, which hides a table from a role without rights on it: it would seem to be missing
    find: `select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relname = '${table}' and c.relkind in ('r', 'p') and n.nspname = ${schema === undefined ? 'current_schema()' : `'${schema}'`}`,
    versionTable: `${schema === undefined ? '' : `"${schema}".`}"${table}"`,
    slowStep: isSearchable ? searchIndex({ prefix, schema }) : undefined,
    prepare: schema === undefined ? [] : [makeSchema(schema)],
    async exclusively(connection: PooledConnection, work) {
      // Without a time limit: an index on a big table takes longer than seconds
      await connection.exec(BEGIN)
      await connection.exec(`SELECT pg_advisory_xact_lock(${LOCK})`)
      await work()
      await connection.exec('COMMIT')
    },
  }
}
