import type { RawBuilder } from 'kysely'

/** The type of a value in a list of rows */
export type Kind = 'uuid' | 'person' | 'word' | 'text' | 'integer' | 'time'

/** A statement that takes rows. Those with the same key have the same text, whatever their rows are */
export interface Write {
  key: string
  /** The alias of the rows in the statement */
  name: string
  /** Of its columns. In the first one nothing is NULL */
  kinds: Record<string, Kind>
  rows: object[]
  statement: (rows: RawBuilder<unknown>) => RawBuilder<unknown>
}

interface WriteOf<Row extends object> extends Write {
  kinds: Record<keyof Row & string, Kind>
  rows: Row[]
}

/** Checks that each column has a kind */
export const writeOf = <Row extends object>(write: WriteOf<Row>): Write => write
