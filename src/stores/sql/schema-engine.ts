import type { Kysely, RawBuilder } from 'kysely'

/** Where the schemas of engines differ */
export interface SchemaEngine {
  /** Compiles for the engine; nothing is run through it */
  readonly compiler: Kysely<Record<string, Record<string, unknown>>>
  readonly types: ColumnTypes
  /** Indexes can leave out rows. Otherwise generated columns stand for their conditions, and `Engine.isArchived` and the like use them. */
  readonly hasPartialIndexes: boolean
  /** A commit writes whole pages, and waits for them: SQLite's does */
  readonly writesWholePages: boolean
  /** A row is written anew without its indexes where none of their columns changes: PostgreSQL's are (HOT) */
  readonly updatesInPlace: boolean
  /** Undefined: schema statements are part of the transaction. Otherwise each may be the last one before a crash. */
  readonly leftovers: Leftovers | undefined
  /** Where the first space of a text is, from 1; 0: nowhere. Both are SQL */
  readonly spaceIn: (text: string) => string
  /** The current time, for a column of times */
  readonly now: RawBuilder<string>
  /** The end of CREATE TABLE */
  readonly tableEnd: RawBuilder<unknown> | undefined
  /** The same for a table whose rows are stored in the order of its primary key; undefined: the engine has no such tables */
  readonly clusteredEnd: RawBuilder<unknown> | undefined
}

/** Queries that find a row when an interrupted migration has made a column, or an index, already */
export interface Leftovers {
  column(table: string, name: string): string
  index(table: string, name: string): string
}

/** Text is compared exactly: case, accents and spaces at its end matter; and sorted by code point */
export interface ColumnTypes {
  uuid: RawBuilder<unknown>
  /** UTC; we write milliseconds, even where the column is more precise */
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
