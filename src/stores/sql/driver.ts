// Kysely on borrowed lines: each statement has a time by which it is answered, a line that failed to is never given back, and
// what passes is told apart from what does not.
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
import type { Engine } from './engine.ts'
import { PATIENCE, TookTooLong, within, type Line, type Lines, type Result } from './line.ts'

export class Connection implements DatabaseConnection {
  readonly #line: Line
  readonly #engine: Engine
  #isBroken = false

  constructor(line: Line, engine: Engine) {
    this.#line = line
    this.#engine = engine
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changed } = await this.#answer<Result>(() => this.#line.run(sql, parameters))
    return { rows: rows as Row[], numAffectedRows: BigInt(changed) }
  }

  exec(statement: string): Promise<void> {
    return this.#answer(() => this.#line.exec(statement))
  }

  async rollback(): Promise<void> {
    // A line that is gone takes its transaction with it
    if (!this.#isBroken) await this.exec('ROLLBACK').catch(() => undefined)
  }

  release(): void {
    if (this.#isBroken) this.#line.destroy()
    else this.#line.release()
  }

  // eslint-disable-next-line require-yield -- Kysely asks for it, nobody streams
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('Not supported')
  }

  async #answer<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await within(PATIENCE, ask())
    } catch (error) {
      this.#isBroken ||= isTransport(error)
      throw unavailable(error, this.#engine)
    }
  }
}

export class LinesDriver implements Driver {
  readonly #lines: Lines
  readonly #engine: Engine

  constructor(lines: Lines, engine: Engine) {
    this.#lines = lines
    this.#engine = engine
  }

  async acquireConnection(): Promise<Connection> {
    try {
      return new Connection(await within(PATIENCE, this.#lines.borrow(), (line) => line.release()), this.#engine)
    } catch (error) {
      // Whatever the reason: a changed password is a database that is away, too
      throw new StoreUnavailable((error as Error).message, { cause: error })
    }
  }

  async beginTransaction(connection: Connection): Promise<void> {
    for (const statement of this.#engine.begin) await connection.exec(statement)
  }

  commitTransaction(connection: Connection): Promise<void> {
    return connection.exec('COMMIT')
  }

  rollbackTransaction(connection: Connection): Promise<void> {
    return connection.rollback()
  }

  async releaseConnection(connection: Connection): Promise<void> {
    connection.release()
  }

  async init(): Promise<void> {}

  destroy(): Promise<void> {
    return this.#lines.close()
  }
}

/** The line itself failed, not what was asked over it: errors of sockets have a `syscall`, those of drivers a telling text */
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

/** For what is done outside Kysely. @throws StoreUnavailable when `work` fails of what passes */
export async function orUnavailable<T>(engine: Pick<Engine, 'isPassing' | 'isConflict'>, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw unavailable(error, engine)
  }
}

const unavailable = (error: unknown, engine: Pick<Engine, 'isPassing' | 'isConflict'>): unknown =>
  isTransport(error) || engine.isPassing(error) || engine.isConflict(error)
    ? new StoreUnavailable((error as Error).message, { cause: error })
    : error
