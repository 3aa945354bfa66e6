import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
import { CLOSED } from '../rules/closed.ts'
import { STATEMENT_TIMEOUT, within } from './timeouts.ts'

/** One connection of a pool: the part of an engine's driver that is used. */
export interface PooledConnection {
  /** A statement with parameters */
  run(statement: string, parameters: readonly unknown[]): Promise<Result>
  /** A statement without parameters, or several where the engine accepts several */
  exec(statement: string): Promise<void>
  /** Gives it back to the pool */
  release(): void
  /** Ends the connection, because its state is unknown */
  destroy(): void
}

export interface Result {
  rows: unknown[]
  /** How many rows were written */
  changed: number
}

/** A driver's pool */
export interface ConnectionSource {
  connect(): Promise<PooledConnection>
  /** Ends the pool, unless it is the host's. Called once, when no connection is in use. */
  end(): Promise<void>
}

/** A driver's pool that closes in order: it refuses new work, waits for the connections in use, then ends. */
export class ConnectionPool {
  readonly #source: ConnectionSource
  /** Connections that are acquired, or waited for */
  #inUse = 0
  #closing: Promise<void> | undefined
  #whenIdle: (() => void) | undefined

  constructor(source: ConnectionSource) {
    this.#source = source
  }

  /**
   * Waits for a connection, for STATEMENT_TIMEOUT at most.
   * @throws StoreUnavailable when the pool was closed
   * @throws TookTooLong, or the driver's error
   */
  async acquire(): Promise<PooledConnection> {
    if (this.#closing) throw new StoreUnavailable(CLOSED)
    this.#inUse++
    let connection
    try {
      connection = await within(STATEMENT_TIMEOUT, this.#source.connect(), (late) => late.release())
    } catch (error) {
      this.#giveBack()
      throw error
    }
    const leased = this.#lease(connection)
    if (!this.#closing) return leased
    // It was closed meanwhile, and the work has not begun
    leased.release()
    throw new StoreUnavailable(CLOSED)
  }

  /** Resolves when the connections in use are back and the pool has ended. Safe to repeat. */
  close(): Promise<void> {
    this.#closing ??= this.#end()
    return this.#closing
  }

  async #end(): Promise<void> {
    if (this.#inUse > 0) {
      await new Promise<void>((resolve) => (this.#whenIdle = resolve))
      // The callers of what was under way get their results first
      await new Promise((resolve) => setImmediate(resolve))
    }
    await this.#source.end()
  }

  #lease(connection: PooledConnection): PooledConnection {
    return {
      run: (statement, parameters) => connection.run(statement, parameters),
      exec: (statement) => connection.exec(statement),
      release: () => {
        connection.release()
        this.#giveBack()
      },
      destroy: () => {
        connection.destroy()
        this.#giveBack()
      },
    }
  }

  #giveBack(): void {
    this.#inUse--
    if (this.#inUse === 0) this.#whenIdle?.()
  }
}
