import type { Line, Lines } from '../sql/line.ts'
import type { MigrationHost } from '../sql/migrator.ts'
import type { Naming } from '../sql/naming.ts'
import { postgresEngine } from './engine.ts'
import { searchIndex } from './search/search-index.ts'

/** Ours among the advisory locks of a database */
const LOCK = 0x6465_736b

// READ COMMITTED, whatever the database's default: who waited for the lock must see what was done meanwhile. A node that vanished in
// the middle lets go after a minute
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
  SET LOCAL idle_in_transaction_session_timeout = '1min'`

/** IF NOT EXISTS would ask for the right to make one even where there is one */
const makeSchema = (schema: string): string =>
  `do $$ begin if not exists (select from pg_namespace where nspname = '${schema}') then create schema "${schema}"; end if; end $$`

/** @param isSearchable with the index that search needs */
export function postgresMigration(lines: Lines, { prefix = '', schema }: Naming, isSearchable: boolean): MigrationHost {
  const table = `${prefix}support_migrations`
  return {
    engine: postgresEngine({ prefix, schema }),
    lines,
    // Not information_schema, which hides a table from who has no right on it: it would seem to be missing
    find: `select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relname = '${table}' and c.relkind in ('r', 'p') and n.nspname = ${schema === undefined ? 'current_schema()' : `'${schema}'`}`,
    versionTable: `${schema === undefined ? '' : `"${schema}".`}"${table}"`,
    slowStep: isSearchable ? searchIndex({ prefix, schema }) : undefined,
    prepare: schema === undefined ? [] : [makeSchema(schema)],
    async exclusively(line: Line, work) {
      // As long as it takes: an index on a big table is not made in seconds
      await line.exec(BEGIN)
      await line.exec(`SELECT pg_advisory_xact_lock(${LOCK})`)
      await work()
      await line.exec('COMMIT')
    },
  }
}
