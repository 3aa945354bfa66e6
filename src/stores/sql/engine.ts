import type { DialectAdapter, Kysely, QueryCompiler, RawBuilder } from 'kysely'
import type { EngineErrors } from './errors.ts'
import type { SchemaEngine } from './schema-engine.ts'
import type { Tables, Time } from './tables.ts'
import type { WordIndex } from './word-index.ts'
import type { Kind, Write } from './write.ts'

/** Rows as they were read: by columns, as the engine compares them. What becomes of the rows afterwards does not show */
export type AsRead = readonly Buffer[]

export interface WriteIfUnchanged {
  table: RawBuilder<unknown>
  /** What is compared; the first one is the key */
  columns: Record<string, Kind>
  /** Rows that must still be so */
  read: AsRead
  /** Selects what must not exist */
  known: Write
  /** The first one changes rows of the table, which it calls `c`, by their ids */
  writes: [Write, ...Write[]]
}

/** Writes by what was read, without a transaction around both */
export interface Unchanged {
  read<Row>(table: RawBuilder<unknown>, columns: (keyof Row & string)[], ids: string[]): RawBuilder<Row>
  asRead(columns: Record<string, Kind>, rows: readonly { id: string }[]): AsRead
  /**
   * One statement: locks the rows and writes, unless one of them has changed or is locked by others, for which it does not wait, or what
   * must not exist does.
   * @returns undefined where it has written; otherwise nothing was written, and these are the rows as they are now, without those that are
   *   locked or gone
   */
  write<Row>(connection: Kysely<Tables>, write: WriteIfUnchanged): Promise<Row[] | undefined>
}

/** How chats are read in the order of their last message */
export interface Recency {
  /** What they are sorted by, before their ids */
  readonly order: readonly RawBuilder<unknown>[]
  /** The chat `c` has a message */
  readonly exists: RawBuilder<boolean>
  /** The last message of `c` is of this time, or older */
  upTo(at: Time): RawBuilder<boolean>
  /** The last message of `c` is of this time, or newer */
  from(at: Time): RawBuilder<boolean>
}

/** Where the queries of engines differ. Everything else is in the shared queries. */
export interface Engine extends SchemaEngine, EngineErrors {
  createAdapter(): DialectAdapter
  createQueryCompiler(): QueryCompiler

  /**
   * Begins a READ COMMITTED transaction, in which each statement sees what was committed before it: chats are locked first, then
   * read.
   */
  readonly begin: string[]
  /** At the end of a SELECT: locks its rows until the transaction ends, against others that do the same */
  readonly lock: RawBuilder<unknown>
  /** Locks the chats with these ids, in their order and no others, even where the planner would rather scan a small table */
  lockChats<Row>(trx: Kysely<Tables>, columns: (keyof Row & string)[], sortedIds: string[]): Promise<Row[]>

  /**
   * Whether a statement failed because a row exists under a unique key. Then messages are stored without a look at those that were sent
   * before, but for a second after one was refused. Undefined: to look costs no round trip of its own
   */
  isDuplicate?(error: unknown): boolean

  /** Undefined: the engine cannot write several tables in one statement */
  readonly unchanged?: Unchanged

  readonly time: (iso: string) => Time
  /**
   * A list of rows as a table, with a number of parameters that does not depend on the number of rows: a batch of any size is one
   * and the same statement. In the first column nothing is NULL.
   */
  rows<Row extends object>(name: string, columns: Record<keyof Row & string, Kind>, rows: Row[]): RawBuilder<Row>
  /** `UPDATE table SET … FROM rows` in the engine's syntax; `target` is a column in SET */
  target(column: string): RawBuilder<unknown>
  updateFrom(
    table: RawBuilder<unknown>,
    rows: RawBuilder<unknown>,
    on: RawBuilder<unknown>,
    set: RawBuilder<unknown>,
  ): RawBuilder<unknown>
  /** Changes chats `c` that exist and are locked: columns of theirs, by name, to those of the row with the same `id` in `given` */
  updateChats(given: RawBuilder<unknown>, name: string, columns: Record<string, string>): RawBuilder<unknown>
  /** Runs a statement for rows */
  run<Row>(connection: Kysely<Tables>, write: Write): Promise<Row[]>
  /** Runs statements that do not depend on each other, as few as the engine can */
  runAll(connection: Kysely<Tables>, statements: (Write | RawBuilder<unknown>)[]): Promise<void>
  /** Of the time in this column, and `time` with as many milliseconds more as the column `seq` says, the later one */
  notBefore(column: string, time: string): RawBuilder<Time>
  /** At the end of an INSERT: keeps a row that exists already */
  readonly onConflictDoNothing: (condition: {
    columns: string[]
    where?: RawBuilder<unknown>
    anyColumn: string
  }) => RawBuilder<unknown>
  /** At the end of an INSERT: changes a row that exists already; `inserted` is the value that would have been inserted */
  readonly onConflictUpdate: (
    columns: string[],
    set: (inserted: (column: string) => RawBuilder<unknown>) => RawBuilder<unknown>,
  ) => RawBuilder<unknown>

  /** Conditions on the chat `c`, in the form that its index serves */
  isArchived(archived: boolean): RawBuilder<boolean>
  readonly isUnread: RawBuilder<boolean>
  readonly recency: Recency
  /** The user of the chat `c`, as a table that is read once for each row of a page */
  readonly userOfChat: RawBuilder<unknown>
  /** The last message of `c`, as a table to join */
  readonly lastMessage: RawBuilder<unknown>
  /** By what chats are sorted first, where those of one assignee are read; undefined: by nothing, since all have the same */
  readonly assignee: RawBuilder<unknown> | undefined
  /** @param assignee null: nobody. @param after where the page before ended */
  isOfAssignee(assignee: string | null, after: { at: Time; id: string } | undefined): RawBuilder<boolean>
  /** The e-mail address of the user `u`, or any text, in lower case */
  readonly lowerEmail: RawBuilder<string>
  lower(text: string): RawBuilder<string>
  /** The address of a stored mail's recipient */
  readonly mailAddress: RawBuilder<string>
  /** The chat that a stored mail to staff is about (`CHAT_HEADER`) */
  readonly mailChat: RawBuilder<string>
  /** Of the notification `n`: `due_at` while it is open, null afterwards */
  readonly openDueAt: RawBuilder<Time>
  readonly isOpen: RawBuilder<boolean>
  /** The notification `h` is claimed or being sent, and belongs to the chat of `n` */
  readonly holdsChat: RawBuilder<boolean>
  /** The chats of a page, found before anything is joined to them; undefined: the engine joins in the order of the page by itself. @param clauses WHERE, ORDER BY and LIMIT */
  readonly pageOfChats?: <Row>(chats: RawBuilder<Row>, clauses: RawBuilder<unknown>) => RawBuilder<Row>
  /** The alias of chats, where they are read in order of their last message */
  readonly chatsInOrder: RawBuilder<unknown>
  /** The same for those of one assignee */
  readonly chatsOfAssigneeInOrder: RawBuilder<unknown>
  /** The same in order of since when their users wait */
  readonly chatsWaitingInOrder: RawBuilder<unknown>
  /** The alias of people, where they are read in order of their addresses */
  readonly usersInOrder: RawBuilder<unknown>
  /** The name of the user `u` from one of its words on, as `nameFrom` of the rules says */
  nameFrom(word: number): RawBuilder<string>
  /** The alias of people, where they are read in order of that */
  usersByName(word: number): RawBuilder<unknown>
  /** The chat of the user `u`, as a table to join with `c.user_id = u.id` */
  readonly chatOfUser: RawBuilder<unknown>
  /** At the start of a SELECT: plans it anew each time, because a plan that ignores its values would be bad for some of them */
  readonly planAnew: RawBuilder<unknown>

  /** Undefined: the engine's own index serves a search */
  readonly words?: WordIndex
}
