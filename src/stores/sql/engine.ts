import type { DialectAdapter, QueryCompiler, RawBuilder } from 'kysely'
import type { SchemaEngine } from './schema-engine.ts'
import type { Time } from './tables.ts'

/** How a value of a list of rows is typed */
export type Kind = 'uuid' | 'person' | 'word' | 'text' | 'integer' | 'time'

/** Where engines differ in how they are asked. Everything else is in the shared queries. */
export interface Engine extends SchemaEngine {
  createAdapter(): DialectAdapter
  createQueryCompiler(): QueryCompiler

  /**
   * What begins a transaction that sees what others committed before each of its statements (READ COMMITTED): chats are locked
   * first, then looked at.
   */
  readonly begin: string[]
  /** Locks the rows of a SELECT until the transaction ends, against whoever does the same */
  readonly lock: RawBuilder<unknown>
  /** Locks the rows with these ids, in their order, and no others, whatever the planner thinks of a table's size */
  lockAll<Row>(table: RawBuilder<unknown>, columns: (keyof Row & string)[], sortedIds: string[]): RawBuilder<Row>

  readonly time: (iso: string) => Time
  /**
   * A list of rows as a table, in a number of parameters that does not depend on how many there are: so a batch of any size is
   * one statement, and always the same one.
   */
  rows<Row extends object>(name: string, columns: Record<keyof Row & string, Kind>, rows: Row[]): RawBuilder<Row>
  /** `UPDATE table SET … FROM rows`, as the engine says it; `target` is a column in SET */
  target(column: string): RawBuilder<unknown>
  updateFrom(
    table: RawBuilder<unknown>,
    rows: RawBuilder<unknown>,
    on: RawBuilder<unknown>,
    set: RawBuilder<unknown>,
  ): RawBuilder<unknown>
  /** Statements that write, and need nothing of each other, in as few as can be */
  together(statements: RawBuilder<unknown>[]): RawBuilder<unknown>[]
  /** Ends an INSERT: when such a row is there already, leave it */
  readonly orLeaveIt: (condition: {
    columns: string[]
    where?: RawBuilder<unknown>
    anyColumn: string
  }) => RawBuilder<unknown>
  /** Ends an INSERT: when such a row is there already, change it; `inserted` names the value that would have been inserted */
  readonly orChangeIt: (
    columns: string[],
    set: (inserted: (column: string) => RawBuilder<unknown>) => RawBuilder<unknown>,
  ) => RawBuilder<unknown>

  /** Of the chat `c`; each is what its index is made for */
  isArchived(archived: boolean): RawBuilder<boolean>
  readonly isUnread: RawBuilder<boolean>
  /** Of the user `u`, and of any text */
  readonly lowerEmail: RawBuilder<string>
  lower(text: string): RawBuilder<string>
  /** Of the notification `n`: `due_at` while somebody is to look at it, null afterwards */
  readonly openDueAt: RawBuilder<Time>
  readonly isOpen: RawBuilder<boolean>
  /** The notification `h` is on its way, and of the chat of `n` */
  readonly holdsChat: RawBuilder<boolean>
  /** An alias for the table of chats that are read in order of their last message */
  readonly chatsInOrder: RawBuilder<unknown>
  /** And for the table of people that are read in order of their addresses */
  readonly usersInOrder: RawBuilder<unknown>
  /** In a SELECT: plan it with the values at hand, each time, because a plan for all values would be bad for some */
  readonly planAnew: RawBuilder<unknown>

  /** The transaction was given up in favour of another: the same may succeed right away */
  isConflict(error: unknown): boolean
  /** The database cannot do it now and may soon */
  isPassing(error: unknown): boolean
}
