// Statements for lists of rows. A list is one parameter, so that a statement has the same text for any number of rows, and is compiled once.
import { sql, type CompiledQuery, type Kysely, type RawBuilder } from 'kysely'
import type { Engine } from '../sql/engine.ts'
import type { ColumnTypes } from '../sql/schema-engine.ts'
import type { Tables } from '../sql/tables.ts'
import type { Kind, Write } from '../sql/write.ts'

/** The place of the list, in a statement that is compiled for all lists */
const LIST = Symbol('the list of rows')

/** As lists: to find a key, MariaDB reads the names of all keys before it, for each value */
function listOf(kinds: Record<string, Kind>, rows: readonly object[]): string {
  const names = Object.keys(kinds)
  return JSON.stringify(rows.map((row) => names.map((name) => (row as Record<string, unknown>)[name] ?? null)))
}

export function statements(types: ColumnTypes): Pick<Engine, 'rows' | 'run' | 'runAll'> {
  /** By their keys */
  const compiled = new Map<string, CompiledQuery<unknown>>()

  function table(name: string, kinds: Record<string, Kind>, list: unknown): RawBuilder<unknown> {
    const columns = Object.entries(kinds).map(
      ([column, kind], i) => sql`${sql.ref(column)} ${types[kind]} path ${sql.lit(`$[${i}]`)}`,
    )
    return sql`json_table(${list}, '$[*]' columns (${sql.join(columns)})) as ${sql.ref(name)}`
  }

  function compile(connection: Kysely<Tables>, { key, name, kinds, statement }: Write): CompiledQuery<unknown> {
    const before = compiled.get(key)
    if (before) return before
    const made = sql`${statement(table(name, kinds, LIST))}`.compile(connection)
    compiled.set(key, made)
    return made
  }

  async function run<Row>(connection: Kysely<Tables>, write: Write): Promise<Row[]> {
    const query = compile(connection, write)
    const list = listOf(write.kinds, write.rows)
    const parameters = query.parameters.map((value) => (value === LIST ? list : value))
    const { rows } = await connection.executeQuery({ ...query, parameters })
    return rows as Row[]
  }

  return {
    rows: <Row extends object>(name: string, kinds: Record<keyof Row & string, Kind>, rows: Row[]) =>
      sql<Row>`${table(name, kinds, listOf(kinds, rows))}`,
    run,
    async runAll(connection, all) {
      for (const one of all) await ('kinds' in one ? run(connection, one) : one.execute(connection))
    },
  }
}
