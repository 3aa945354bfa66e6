import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { mysqlEngine } from '../../mysql/engine.ts'
import { postgresEngine } from '../../postgres/engine.ts'
import { sqliteSchema } from '../../sqlite/schema-engine.ts'
import { first } from './first.ts'
import { MIGRATIONS, pendingMigrations } from './migrations.ts'
import { LATEST } from './version.ts'

const ENGINES = {
  sqlite: sqliteSchema(''),
  postgres: postgresEngine({}),
  mysql: mysqlEngine({}, 'mysql'),
  mariadb: mysqlEngine({}, 'mariadb'),
}

it.each(Object.entries(ENGINES))(
  'The released first migration makes the same statements as ever on %s',
  (name, engine) => {
    const fixture = readFileSync(resolve(import.meta.dirname, `../../../../test/fixtures/schema-1/${name}.sql`), 'utf8')
    const frozen = fixture.split(';\n').filter((statement) => !/^insert into support_|^$/.test(statement))
    // The epoch is random
    const made = pendingMigrations(engine, 0, [first]).map(({ sql }) =>
      sql.replace(/('epoch', )'[0-9a-f]{12}'/, "$1'f1e2d3c4b5a6'"),
    )
    expect(made).toEqual(frozen)
  },
)

it('The version is the number of migrations', () => {
  expect(MIGRATIONS).toHaveLength(LATEST)
})
