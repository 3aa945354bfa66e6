import type { Kysely, RawBuilder } from 'kysely'

/** Where engines differ in what tables are made of */
export interface SchemaEngine {
  /** Compiles for the engine; nothing is run through it */
  readonly compiler: Kysely<Record<string, Record<string, unknown>>>
  readonly types: ColumnTypes
  /**
   * An index can leave out rows. Without, generated columns take the place of its condition, and `Engine.isArchived` and the like
   * ask for them.
   */
  readonly hasPartialIndexes: boolean
  /**
   * Statements that make tables are part of the transaction. Without, each may be the last that was run before a crash: all of
   * them can be repeated, and make a table's indexes with it.
   */
  readonly hasTransactionalDdl: boolean
  /** The current time, for a column of times */
  readonly now: RawBuilder<string>
  /** What stands at a table's end */
  readonly tableEnd: RawBuilder<unknown> | undefined
  /**
   * What stands at the end of one whose rows lie in the order of its primary key, and are the leaves of it. Without, rows lie in the
   * order in which they came.
   */
  readonly clusteredEnd: RawBuilder<unknown> | undefined
}

/** Text is compared exactly: case, accents and spaces at its end count; and sorted by code point */
export interface ColumnTypes {
  uuid: RawBuilder<unknown>
  /** UTC; what we write has milliseconds, whatever the column could hold */
  time: RawBuilder<unknown>
  integer: RawBuilder<unknown>
  /** A host's id of a person, up to 200 characters */
  person: RawBuilder<unknown>
  /** Up to 320 characters */
  email: RawBuilder<unknown>
  /** Up to 64 characters of ASCII */
  word: RawBuilder<unknown>
  /** `session:` and up to 200 characters */
  subject: RawBuilder<unknown>
  text: RawBuilder<unknown>
  json: RawBuilder<unknown>
}
