import type { Line, Lines } from '../sql/line.ts'
import type { MigrationHost } from '../sql/migrator.ts'
import type { Naming } from '../sql/naming.ts'
import { postgresEngine } from './engine.ts'
import { searchIndex } from './search/search-index.ts'

/** Ours among the advisory locks of a database */
const LOCK = 0x6465_736b

/** @param isSearchable with the index that search needs */
export function postgresMigration(lines: Lines, { prefix = '', schema }: Naming, isSearchable: boolean): MigrationHost {
  const table = `${prefix}support_migrations`
  return {
    engine: postgresEngine({ prefix, schema }),
    lines,
    find: `select 1 from information_schema.tables where table_name = '${table}'
      and table_schema = ${schema === undefined ? 'current_schema()' : `'${schema}'`}`,
    versionTable: `${schema === undefined ? '' : `"${schema}".`}"${table}"`,
    slowStep: isSearchable ? searchIndex({ prefix, schema }) : undefined,
    prepare: schema === undefined ? [] : [`create schema if not exists "${schema}"`],
    async exclusively(line: Line, work) {
      // As long as it takes: an index on a big table is not made in seconds
      await line.exec('BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0')
      await line.exec(`SELECT pg_advisory_xact_lock(${LOCK})`)
      await work()
      await line.exec('COMMIT')
    },
  }
}
