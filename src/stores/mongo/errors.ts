// Which errors of the driver pass, told apart from those that do not. By name and code: the driver is the host's, and may be another copy.
import type { MongoBulkWriteError } from 'mongodb'
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'

const PASSING_NAMES =
  /^Mongo(Network|NetworkTimeout|ServerSelection|TopologyClosed|NotConnected|ClientClosed|PoolClosed|PoolCleared|WaitQueueTimeout|OperationTimeout|ExpiredSession|WriteConcern)/

/** https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml: unreachable, no primary, shutting down, too slow, full */
const PASSING_CODES = new Set([
  6, 7, 50, 64, 89, 91, 100, 112, 189, 202, 262, 9001, 10107, 11600, 11602, 13435, 13436, 14031,
])
const DUPLICATE = 11_000

interface DriverError {
  name?: string
  code?: number
  message?: string
  /** What broke off several writes that went together */
  errorResponse?: DriverError
}

export const isDuplicate = (error: unknown): boolean => (error as DriverError).code === DUPLICATE

/** Which of several writes were refused because something is there already @throws what else there was */
export function duplicatesOf(error: unknown): number[] {
  const { writeErrors = [] } = error as Partial<MongoBulkWriteError>
  const all = [writeErrors].flat()
  if (all.length === 0 || !all.every(isDuplicate)) throw error
  return all.map(({ index }) => index)
}

function isPassing({ name = '', code, errorResponse }: DriverError): boolean {
  if (PASSING_NAMES.test(name)) return true
  if (name.startsWith('Mongo') && code !== undefined && PASSING_CODES.has(code)) return true
  return errorResponse !== undefined && isPassing(errorResponse)
}

/** It looked for a server for as long as it may */
export const isNoServer = (error: unknown): boolean => (error as DriverError).name === 'MongoServerSelectionError'

/** What to throw instead of a driver's error */
export function explained(error: unknown): unknown {
  const given = error as DriverError
  return isPassing(given) ? new StoreUnavailable(given.message, { cause: error }) : error
}
