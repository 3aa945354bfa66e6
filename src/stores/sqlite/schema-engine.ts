import { DummyDriver, Kysely, sql, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { NamesPlugin } from '../sql/names.ts'
import { spaceIn } from './people.ts'
import type { SchemaEngine } from '../sql/schema-engine.ts'

const TEXT = sql`text`

/** Text compares by byte anyway, and times are text that sorts */
export const sqliteSchema = (prefix: string): SchemaEngine => ({
  compiler: new Kysely({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    plugins: [new NamesPlugin({ prefix })],
  }),
  types: {
    uuid: TEXT,
    time: TEXT,
    integer: sql`integer`,
    person: TEXT,
    email: TEXT,
    word: TEXT,
    subject: TEXT,
    text: TEXT,
    json: TEXT,
  },
  hasPartialIndexes: true,
  writesWholePages: true,
  updatesInPlace: false,
  leftovers: undefined,
  spaceIn,
  now: sql<string>`strftime('%Y-%m-%dT%H:%M:%fZ')`,
  tableEnd: sql`strict`,
  clusteredEnd: sql`strict, without rowid`,
})
