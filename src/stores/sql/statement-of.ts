import { sql } from 'kysely'
import type { Engine } from './engine.ts'
import type { Write } from './write.ts'

export const statementOf = <Result = unknown>(engine: Engine, { name, kinds, rows, statement }: Write) =>
  sql<Result>`${statement(engine.rows(name, kinds, rows as Record<string, unknown>[]))}`
