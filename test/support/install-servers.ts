// Runs once before all tests: installs the servers that are missing, where we may, in one go. Test files would do it one by one, each
// in a process of its own, and wait for each other.
import { buildFerretdb } from './databases/ferretdb.ts'
import { findMongod } from './databases/mongodb.ts'
import { aptInstall, findProgram, foldersOf } from './databases/process.ts'
import { BROWSER, hasBrowser } from './install-browser.ts'

const MISSING: Record<string, () => boolean> = {
  postgresql: () => !process.env['DESKBELL_TEST_POSTGRES'] && foldersOf('/usr/lib/postgresql').length === 0,
  'mariadb-server': () =>
    !(process.env['DESKBELL_TEST_MYSQL'] ?? process.env['DESKBELL_TEST_MYSQLD']) &&
    !findProgram(['mariadbd', 'mysqld']),
  pgbouncer: () => !findProgram(['pgbouncer']),
  'redis-server': () => !process.env['DESKBELL_TEST_REDIS'] && !findProgram(['redis-server', 'valkey-server']),
  'nats-server': () => !process.env['DESKBELL_TEST_NATS'] && !findProgram(['nats-server']),
}

/** What cannot be installed is said by the tests that need it, and the browser's absence by install-browser.ts */
export async function setup(): Promise<void> {
  const missing = Object.keys(MISSING).filter((name) => MISSING[name]?.())
  if (!hasBrowser()) missing.push(...BROWSER)
  if (missing.length > 0) aptInstall(...missing)
  if (!process.env['DESKBELL_TEST_MONGODB'] && !findMongod()) await buildFerretdb()
}
