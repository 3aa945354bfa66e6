import { createRequire } from 'node:module'
import { join } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import { mustHaveAll } from './databases.ts'
import { FOLDER, isInstalled } from './install-better-sqlite3.ts'

/** What a script may require it from */
export const BETTER_SQLITE3 = join(FOLDER, 'package.json')

/** Undefined when it could not be installed */
export function betterSqlite3(): typeof BetterSqlite3 | undefined {
  if (isInstalled()) return createRequire(BETTER_SQLITE3)('better-sqlite3') as typeof BetterSqlite3
  const missing = `No better-sqlite3 for tests: npm ci --ignore-scripts in ${FOLDER}`
  if (mustHaveAll()) throw new Error(missing)
  console.warn(`${missing}. Its suites are skipped.`)
  return undefined
}
