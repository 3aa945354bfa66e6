import type { Migration } from '../../../src/stores/sql/migrations/migrations.ts'
import type { Naming } from '../../../src/stores/sql/naming.ts'
import type { Store } from '../../../src/server/ports/store/store.ts'

/** One installation of Deskbell in a database of its own */
export interface Installation {
  /** Runs the statements of a fixture, with the names of this installation */
  load(fixture: string): Promise<void>
  /** What the engine's catalogue says about the tables: columns, indexes, constraints; without prefix and schema */
  catalogue(): Promise<unknown>
  /** Brings it up to date by Deskbell's migrations */
  open(): Promise<Store>
  migrate(migrations: readonly Migration[]): Promise<void>
  /** The same, interrupted before its nth schema statement (1 is the first); rejects */
  migrateUntil(n: number, migrations: readonly Migration[]): Promise<void>
  /** The first column of the first row; `{table}` is replaced by the table's full name */
  value(sql: string): Promise<unknown>
  close(): Promise<void>
}

export interface UpgradedEngine {
  /** That of test/fixtures/schema-N */
  fixture: string
  install(naming: Naming): Promise<Installation>
}

/** Tables, and what belongs to them, begin with `support_`; nothing else in a fixture does */
export const withPrefix = (sql: string, prefix = ''): string => sql.replaceAll(/\bsupport_/g, `${prefix}support_`)
export const withoutPrefix = (sql: string, prefix = ''): string => sql.replaceAll(`${prefix}support_`, 'support_')

/** Also the record that a migration was applied, which ends it */
export const isSchemaStatement = (sql: string): boolean => /^(create|alter|insert)/i.test(sql)
