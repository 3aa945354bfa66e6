import { afterRunning } from '../../server/ports/clock.ts'
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
import { CLOSED } from '../rules/closed.ts'
import {
  byNumber,
  prepare,
  takesNumbersAsNames,
  type SqliteConnection,
  type SqliteStatement,
  type SqliteValue,
} from './connection.ts'
import { explained, passingCode } from './errors.ts'

/** How long a write waits while another process, or the host, is writing, and how often it looks (ms) */
export const LOCK_TIMEOUT = 5_000
const LOOK_EVERY = 5

export interface DatabaseOptions {
  /** Put before every table's name */
  prefix?: string | undefined
  /**
   * Prepares a connection that others use too for a transaction.
   * @returns restores it
   * @throws StoreUnavailable when it cannot begin now
   */
  takeOver?: (connection: SqliteConnection) => () => void
}

/** Prepared statements and transactions over one connection */
export class Database {
  readonly prefix: string
  readonly #connection: SqliteConnection
  readonly #takeOver: (connection: SqliteConnection) => () => void
  readonly #numbersAreNames: boolean
  readonly #begin: SqliteStatement
  readonly #commit: SqliteStatement
  #isClosed = false
  readonly #checkOpen = (): void => {
    if (this.#isClosed) throw new StoreUnavailable(CLOSED)
  }

  constructor(connection: SqliteConnection, { prefix = '', takeOver = ours }: DatabaseOptions = {}) {
    this.prefix = prefix
    this.#connection = connection
    this.#takeOver = takeOver
    this.#numbersAreNames = takesNumbersAsNames(connection)
    this.#begin = prepare(connection, 'BEGIN IMMEDIATE')
    this.#commit = prepare(connection, 'COMMIT')
  }

  /** Adds the prefix: in a statement, the names of tables begin with `support_`, and nothing else does */
  prepare<Row>(sql: string): Query<Row> {
    return this.#query(sql, false)
  }

  /** Its rows are arrays, which `node:sqlite` makes in half the time of objects */
  prepareArrays<Row extends unknown[]>(sql: string): Query<Row> {
    return this.#query(sql, true)
  }

  /** SQLite plans for the value of a parameter in LIMIT, and so anew for each run, unless it stands in an expression */
  #query<Row>(sql: string, asArrays: boolean): Query<Row> {
    this.#checkOpen()
    const named = sql.replaceAll(/\bsupport_/g, `${this.prefix}support_`).replaceAll('LIMIT ?', 'LIMIT +?')
    const statement = prepare(this.#connection, named, asArrays)
    return new Query<Row>(this.#numbersAreNames && /\?\d/.test(sql) ? byNumber(statement) : statement, this.#checkOpen)
  }

  /** Runs a schema statement as it is; called in a transaction */
  define(sql: string): void {
    this.#connection.exec(sql)
  }

  /**
   * All of `work`, or nothing. Every write goes through here. While another process writes, or the host has a transaction open on
   * this connection, it waits without blocking other work.
   * @throws StoreUnavailable when that takes too long, the database is full, read-only …, or the store was closed
   */
  async transaction<T>(work: () => T): Promise<T> {
    let giveBack = this.#tryBegin(true)
    if (!giveBack) {
      let mayWait = true
      const cancel = afterRunning(LOCK_TIMEOUT, () => (mayWait = false))
      try {
        do await pause(LOOK_EVERY)
        while (!(giveBack = this.#tryBegin(mayWait)))
      } finally {
        cancel()
      }
    }
    // From here to the end no other code runs: none of ours, and none of the host's
    try {
      const result = work()
      this.#commit.run()
      return result
    } catch (error) {
      this.#rollback()
      throw explained(error)
    } finally {
      giveBack()
    }
  }

  /**
   * Refuses all work from now on. No transaction is ever under way here, since each runs in one turn of the event loop.
   * @returns false when it was closed before
   */
  close(): boolean {
    const wasOpen = !this.#isClosed
    this.#isClosed = true
    return wasOpen
  }

  #tryBegin(mayWait: boolean): (() => void) | undefined {
    this.#checkOpen()
    let giveBack
    try {
      giveBack = this.#takeOver(this.#connection)
      this.#begin.run()
      return giveBack
    } catch (error) {
      giveBack?.()
      const isInTheWay = error instanceof StoreUnavailable || passingCode(error) === 'BUSY'
      if (!isInTheWay || !mayWait) throw explained(error)
      return undefined
    }
  }

  #rollback(): void {
    try {
      this.#connection.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back by itself, as when the disk is full
    }
  }
}

/** A prepared statement. `Row` is declared beside its SQL, and not checked. */
export class Query<Row> {
  readonly #statement: SqliteStatement
  readonly #checkOpen: () => void

  constructor(statement: SqliteStatement, checkOpen: () => void) {
    this.#statement = statement
    this.#checkOpen = checkOpen
  }

  get(...values: SqliteValue[]): Row | undefined {
    this.#checkOpen()
    try {
      return this.#statement.get(...values) as Row | undefined
    } catch (error) {
      throw explained(error)
    }
  }

  all(...values: SqliteValue[]): Row[] {
    this.#checkOpen()
    try {
      return this.#statement.all(...values) as Row[]
    } catch (error) {
      throw explained(error)
    }
  }

  /** Called in a transaction. @returns how many rows changed */
  run(...values: SqliteValue[]): number {
    return Number(this.#statement.run(...values).changes)
  }
}

/** Only we use a connection of ours */
const ours = () => (): void => undefined

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
