import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
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
export const PATIENCE = 5_000
const LOOK_EVERY = 5

export interface DatabaseOptions {
  /** Put before every table's name */
  prefix?: string | undefined
  /**
   * What is done before a transaction begins on a connection that others use too.
   * @returns undoes it
   * @throws StoreUnavailable when it cannot begin now
   */
  takeOver?: (connection: SqliteConnection) => () => void
}

/** Prepared statements and transactions over one connection. Statements are typed by the caller's row type. */
export class Database {
  readonly prefix: string
  readonly #connection: SqliteConnection
  readonly #takeOver: (connection: SqliteConnection) => () => void
  readonly #numbersAreNames: boolean
  readonly #begin: SqliteStatement
  readonly #commit: SqliteStatement

  constructor(connection: SqliteConnection, { prefix = '', takeOver = ours }: DatabaseOptions = {}) {
    this.prefix = prefix
    this.#connection = connection
    this.#takeOver = takeOver
    this.#numbersAreNames = takesNumbersAsNames(connection)
    this.#begin = prepare(connection, 'BEGIN IMMEDIATE')
    this.#commit = prepare(connection, 'COMMIT')
  }

  /** Tables, and nothing else in a statement, have names that begin with `support_`: the prefix is put before them here */
  prepare<Row>(sql: string): Query<Row> {
    const statement = prepare(this.#connection, sql.replaceAll(/\bsupport_/g, `${this.prefix}support_`))
    return new Query<Row>(this.#numbersAreNames && /\?\d/.test(sql) ? byNumber(statement) : statement)
  }

  /** A statement that makes a table or the like, as it is, in a transaction */
  define(sql: string): void {
    this.#connection.exec(sql)
  }

  /**
   * All of `work`, or nothing. Every write goes through here. While another process writes, or the host has a transaction open on
   * this connection, it waits, and other work goes on.
   * @throws StoreUnavailable when that takes too long, or the database is full, read-only …
   */
  async transaction<T>(work: () => T): Promise<T> {
    const end = Date.now() + PATIENCE
    let giveBack: (() => void) | undefined
    while (!(giveBack = this.#tryBegin(Date.now() < end))) await pause(LOOK_EVERY)
    // From here to the end nobody else gets a turn: no other work of ours, and nothing of the host's
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

  #tryBegin(mayWait: boolean): (() => void) | undefined {
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
      // SQLite has done it by itself, as when the disk is full
    }
  }
}

/** A prepared statement whose rows are of a known shape; the SQL beside it is the proof. */
export class Query<Row> {
  readonly #statement: SqliteStatement

  constructor(statement: SqliteStatement) {
    this.#statement = statement
  }

  get(...values: SqliteValue[]): Row | undefined {
    try {
      return this.#statement.get(...values) as Row | undefined
    } catch (error) {
      throw explained(error)
    }
  }

  all(...values: SqliteValue[]): Row[] {
    try {
      return this.#statement.all(...values) as Row[]
    } catch (error) {
      throw explained(error)
    }
  }

  /** How many rows changed */
  run(...values: SqliteValue[]): number {
    return Number(this.#statement.run(...values).changes)
  }
}

/** A connection of ours has nobody else */
const ours = () => (): void => undefined

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
