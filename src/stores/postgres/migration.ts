import type { ConnectionPool, PooledConnection } from '../sql/connection-pool.ts'
import { LOCK_WAIT, type MigrationHost } from '../sql/migrator.ts'
import type { Naming } from '../sql/naming.ts'
import { postgresEngine } from './engine.ts'
import { searchIndex } from './search/search-index.ts'

/** Our number among the advisory locks of a database */
const LOCK = 0x6465_736b

// READ COMMITTED, whatever the database's default: a node that waited for the lock must see what another did meanwhile. A node that
// vanished in the middle loses the lock after a minute. Without a time limit for statements: an index on a big table takes longer than
// seconds
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
  SET LOCAL idle_in_transaction_session_timeout = '1min'`
// Other nodes may migrate for as long as they need; a table is waited for only so long
const ALONE = `SELECT pg_advisory_xact_lock(${LOCK}); SET LOCAL lock_timeout = '${LOCK_WAIT}s'`
const LOCK_NOT_AVAILABLE = '55P03'

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
  const engine = postgresEngine({ prefix, schema })
  return {
    engine,
    pool,
    // Not information_schema, which hides a table from a role without rights on it: it would seem to be missing
    find: `select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relname = '${table}' and c.relkind in ('r', 'p') and n.nspname = ${schema === undefined ? 'current_schema()' : `'${schema}'`}`,
    versionTable: `${schema === undefined ? '' : `"${schema}".`}"${table}"`,
    slowStep: isSearchable ? searchIndex({ prefix, schema }) : undefined,
    prepare: schema === undefined ? [] : [makeSchema(schema)],
    async exclusively(connection: PooledConnection, work) {
      await connection.exec(BEGIN)
      try {
        await connection.exec(ALONE)
        await work()
        await connection.exec('COMMIT')
      } catch (error) {
        // One that broke needs none
        await connection.exec('ROLLBACK').catch(() => undefined)
        throw error
      }
    },
    isHeldUp: (error) => engine.isConflict(error) || (error as { code?: string }).code === LOCK_NOT_AVAILABLE,
    transactions: 'The view pg_stat_activity',
  }
}
