// DATABASE_URL: opens the store that it names, shows it without its password, and plans its migrations.
import type { Store } from '../server/ports/store/store.ts'
import { mongoMigrations, mongoStore } from '../stores/mongo.ts'
import { mysqlMigrations, mysqlStore } from '../stores/mysql.ts'
import { postgresMigrations, postgresStore } from '../stores/postgres.ts'
import { sqliteMigrations, sqliteStore } from '../stores/sqlite.ts'
import { withOneHost } from './server-url.ts'
import { SettingsError, type Settings } from './settings.ts'

interface Engine {
  open(url: string, options: DatabaseOptions): Promise<Store>
  /** What opening it would run first: SQL, or commands for mongosh */
  plan(url: string, options: DatabaseOptions): Promise<string[]>
}

export type DatabaseOptions = Pick<Settings, 'fullTextSearch'>
/** Short commands do not wait for the search index */
const DEFAULTS: DatabaseOptions = { fullTextSearch: false }

const postgres: Engine = {
  open: (url, options) => postgresStore(url, { ...options, prepare: canPrepare(url) }),
  plan: (url, options) => postgresMigrations(url, { ...options, prepare: canPrepare(url) }),
}
const mysql: Engine = {
  open: (url, options) => mysqlStore(asMysql(url), options),
  plan: (url, options) => mysqlMigrations(asMysql(url), options),
}
const mongodb: Engine = {
  open: mongoStore,
  plan: mongoMigrations,
}
const ENGINES: Record<string, Engine> = {
  sqlite: {
    open: (url, options) => sqliteStore(fileOf(url), options),
    plan: (url, options) => sqliteMigrations(fileOf(url), options),
  },
  postgres,
  postgresql: postgres,
  mysql,
  mariadb: mysql,
  mongodb,
  'mongodb+srv': mongodb,
}

/** `?prepare=false` is for us; the driver ignores it */
function canPrepare(url: string): boolean {
  const setting = new URL(url).searchParams.get('prepare') ?? 'true'
  if (setting !== 'true' && setting !== 'false')
    throw new SettingsError('DATABASE_URL is not valid: prepare is true or false')
  return setting === 'true'
}

/** The driver only knows `mysql:` */
const asMysql = (url: string): string => url.replace(/^mariadb:/, 'mysql:')
/** `sqlite:path`, or `sqlite:///path` */
const fileOf = (url: string): string => url.replace(/^sqlite:(\/\/(?=\/))?/, '')

function engineOf(url: string): Engine {
  const engine = ENGINES[url.split(':', 1)[0] ?? '']
  if (!engine)
    throw new SettingsError(`DATABASE_URL is not valid: it must begin with one of ${Object.keys(ENGINES).join(', ')}`)
  return engine
}

/** @throws SettingsError when it cannot be opened, or cannot do what is asked of it */
export async function openDatabase(url: string, options: DatabaseOptions = DEFAULTS): Promise<Store> {
  return orExplain(url, engineOf(url).open(url, options))
}

/** @throws SettingsError when it cannot be opened, or cannot do what is asked of it */
export async function planDatabase(url: string, options: DatabaseOptions = DEFAULTS): Promise<string[]> {
  return orExplain(url, engineOf(url).plan(url, options))
}

async function orExplain<T>(url: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new SettingsError(`The database ${databaseName(url)} cannot be opened: ${reason(error as Error)}`)
  }
}

/** Where a host has several addresses, the reasons are in the cause and the message is empty */
const reason = (error: Error): string =>
  [error.message, error.cause instanceof AggregateError ? error.cause.errors.map(String).join(', ') : '']
    .filter(Boolean)
    .join(' ')

/** A file's path, or a URL without the password */
export function databaseName(url: string): string {
  if (url.startsWith('sqlite:')) return fileOf(url)
  const shown = new URL(withOneHost(url))
  shown.username = ''
  shown.password = ''
  shown.search = ''
  return shown.href
}
