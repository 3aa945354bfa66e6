// Which errors of SQLite's drivers pass, told apart from those that do not.
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'

/** Result codes (https://sqlite.org/rescode.html): the same may succeed later */
const PASSING = new Map([
  [5, 'BUSY'],
  [6, 'LOCKED'],
  [8, 'READONLY'],
  [10, 'IOERR'],
  [13, 'FULL'],
  [14, 'CANTOPEN'],
])
const NAMES = new Set(PASSING.values())

/**
 * The name of a result code that passes. `node:sqlite` gives its number, better-sqlite3 its name; both may be an extended code: 517
 * and SQLITE_BUSY_SNAPSHOT are BUSY as well.
 */
export function passingCode(error: unknown): string | undefined {
  const { errcode, code, message } = error as { errcode?: number; code?: string; message?: string }
  if (errcode !== undefined) return PASSING.get(errcode & 0xff)
  const name = /^SQLITE_([A-Z]+)/.exec(code ?? '')?.[1]
  if (name !== undefined) return NAMES.has(name) ? name : undefined
  // better-sqlite3 refuses to write while the host iterates over rows of the same connection
  return message?.startsWith('This database connection is busy') ? 'BUSY' : undefined
}

/** The connection was closed, and with it every statement */
const isClosed = (error: unknown): boolean => {
  const { code, message = '' } = error as { code?: string; message?: string }
  return code === 'ERR_INVALID_STATE' || message.startsWith('The database connection is not open')
}

/** What to throw instead of a driver's error: StoreUnavailable when it passes, or when the connection was closed */
export function explained(error: unknown): unknown {
  if (isClosed(error)) return new StoreUnavailable('The SQLite connection was closed', { cause: error })
  return passingCode(error) ? new StoreUnavailable((error as Error).message, { cause: error }) : error
}
