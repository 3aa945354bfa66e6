// Which errors pass, told apart from those that do not.
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
import { TookTooLong } from './timeouts.ts'

/** What an engine knows about its own errors */
export interface EngineErrors {
  /** The transaction was aborted in favour of another: the same may succeed right away */
  isConflict(error: unknown): boolean
  /** The database cannot do it now but may soon */
  isPassing(error: unknown): boolean
}

/** The connection failed, not the statement: errors of sockets have a `syscall`, those of drivers a telling text */
export const isTransport = (error: unknown): boolean => {
  if (error instanceof TookTooLong) return true
  const {
    code,
    syscall,
    message = '',
    fatal,
  } = error as { code?: string; syscall?: string; message?: string; fatal?: boolean }
  return (
    syscall !== undefined ||
    fatal === true ||
    /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_AGAIN|PROTOCOL_)/.test(code ?? '') ||
    /connection (is closed|terminated|is in closed state|error)|closed the connection|timeout exceeded|not queryable/i.test(
      message,
    )
  )
}

/** What to throw instead of a driver's error: StoreUnavailable when it passes */
export const explained = (error: unknown, engine: EngineErrors): unknown =>
  !(error instanceof StoreUnavailable) && (isTransport(error) || engine.isPassing(error) || engine.isConflict(error))
    ? new StoreUnavailable((error as Error).message, { cause: error })
    : error

/** For work outside Kysely. @throws StoreUnavailable when `work` fails with an error that passes */
export async function orUnavailable<T>(engine: EngineErrors, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw explained(error, engine)
  }
}
