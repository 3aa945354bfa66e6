import { sql, type RawBuilder } from 'kysely'
import type { Engine, Kind } from './engine.ts'

/** A statement that takes rows. Those with the same key have the same text, whatever their rows are */
export interface Write {
  key: string
  /** The alias of the rows in the statement */
  name: string
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

export const statementOf = <Result = unknown>(engine: Engine, { name, kinds, rows, statement }: Write) =>
  sql<Result>`${statement(engine.rows(name, kinds, rows as Record<string, unknown>[]))}`
