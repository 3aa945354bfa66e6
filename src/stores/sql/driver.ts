// Kysely's driver over a ConnectionPool: each statement has a time limit, a connection that failed is never given back, and errors
// that pass become StoreUnavailable.
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
import type { ConnectionPool, PooledConnection, Result } from './connection-pool.ts'
import type { Engine } from './engine.ts'
import { explained, isTransport } from './errors.ts'
import { STATEMENT_TIMEOUT, within } from './timeouts.ts'

class KyselyConnection implements DatabaseConnection {
  readonly #connection: PooledConnection
  readonly #engine: Engine
  #isBroken = false

  constructor(connection: PooledConnection, engine: Engine) {
    this.#connection = connection
    this.#engine = engine
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changed } = await this.#answer<Result>(() => this.#connection.run(sql, parameters))
    return { rows: rows as Row[], numAffectedRows: BigInt(changed) }
  }

  exec(statement: string): Promise<void> {
    return this.#answer(() => this.#connection.exec(statement))
  }

  async rollback(): Promise<void> {
    // A broken connection takes its transaction with it
    if (!this.#isBroken) await this.exec('ROLLBACK').catch(() => undefined)
  }

  release(): void {
    if (this.#isBroken) this.#connection.destroy()
    else this.#connection.release()
  }

  // eslint-disable-next-line require-yield -- Kysely requires it, nothing streams
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('Not supported')
  }

  async #answer<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await within(STATEMENT_TIMEOUT, ask())
    } catch (error) {
      this.#isBroken ||= isTransport(error)
      throw explained(error, this.#engine)
    }
  }
}

export class PoolDriver implements Driver {
  readonly #pool: ConnectionPool
  readonly #engine: Engine

  constructor(pool: ConnectionPool, engine: Engine) {
    this.#pool = pool
    this.#engine = engine
  }

  async acquireConnection(): Promise<KyselyConnection> {
    try {
      return new KyselyConnection(await this.#pool.acquire(), this.#engine)
    } catch (error) {
      // Whatever the reason: to the caller, a changed password is a database that is away, too
      throw error instanceof StoreUnavailable ? error : new StoreUnavailable((error as Error).message, { cause: error })
    }
  }

  async beginTransaction(connection: KyselyConnection): Promise<void> {
    for (const statement of this.#engine.begin) await connection.exec(statement)
  }

  commitTransaction(connection: KyselyConnection): Promise<void> {
    return connection.exec('COMMIT')
  }

  rollbackTransaction(connection: KyselyConnection): Promise<void> {
    return connection.rollback()
  }

  async releaseConnection(connection: KyselyConnection): Promise<void> {
    connection.release()
  }

  async init(): Promise<void> {}

  destroy(): Promise<void> {
    return this.#pool.close()
  }
}
