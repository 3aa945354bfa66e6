import { StoreUnavailable } from '../../server/ports/store.ts'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

/** How long a write waits while another process holds the database, and how often it looks (ms) */
const PATIENCE = 5_000
const LOOK_EVERY = 5
/** Result codes of SQLite (https://sqlite.org/rescode.html), in the low byte of an error's code */
const SQLITE_BUSY = 5
/** BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN: the same may succeed later */
const PASSING = new Set([SQLITE_BUSY, 6, 8, 10, 13, 14])

/** Prepared statements and transactions over one connection. Statements are typed by the caller's row type. */
export class Database {
  readonly raw: DatabaseSync
  readonly #begin: StatementSync
  readonly #commit: StatementSync

  /** @param file a path, or `:memory:` */
  constructor(file: string) {
    this.raw = new DatabaseSync(file, { timeout: PATIENCE, enableForeignKeyConstraints: true })
    // FULL, not NORMAL: an acknowledged message must survive a power cut. Fewer checkpoints (32 MB of log between two): pages
    // that every commit touches are copied into the database once, not hundreds of times (measured: a fifth more messages)
    this.raw.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 8000',
    )
    this.#begin = this.raw.prepare('BEGIN IMMEDIATE')
    this.#commit = this.raw.prepare('COMMIT')
  }

  /** From now on SQLite itself waits for nobody, which would hold up this whole process: `transaction` does */
  serve(): void {
    this.raw.exec('PRAGMA busy_timeout = 0')
  }

  prepare<Row>(sql: string): Query<Row> {
    return new Query<Row>(this.raw.prepare(sql))
  }

  /**
   * All of `work`, or nothing. Every write goes through here. While another process writes it waits, and other work goes on.
   * @throws StoreUnavailable when the database is locked for too long, full, read-only …
   */
  async transaction<T>(work: () => T): Promise<T> {
    const end = Date.now() + PATIENCE
    try {
      while (!this.#tryBegin(Date.now() < end)) await pause(LOOK_EVERY)
      const result = work()
      this.#commit.run()
      return result
    } catch (error) {
      if (this.raw.isTransaction) this.raw.exec('ROLLBACK')
      throw PASSING.has(resultCode(error)) ? new StoreUnavailable((error as Error).message, { cause: error }) : error
    }
  }

  #tryBegin(mayWait: boolean): boolean {
    try {
      this.#begin.run()
      return true
    } catch (error) {
      if (resultCode(error) !== SQLITE_BUSY || !mayWait) throw error
      return false
    }
  }
}

/** A prepared statement whose rows are of a known shape; the SQL beside it is the proof. */
export class Query<Row> {
  readonly #statement: StatementSync

  constructor(statement: StatementSync) {
    this.#statement = statement
  }

  get(...values: SQLInputValue[]): Row | undefined {
    return this.#statement.get(...values) as Row | undefined
  }

  all(...values: SQLInputValue[]): Row[] {
    return this.#statement.all(...values) as Row[]
  }

  /** How many rows changed */
  run(...values: SQLInputValue[]): number {
    return Number(this.#statement.run(...values).changes)
  }
}

const resultCode = (error: unknown): number => Number((error as { errcode?: number }).errcode) & 0xff

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
