// A database that an earlier release made, with data in it, is brought up to date on every engine; and a migration can be added.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { addColumn } from '../../src/stores/sql/migrations/add-column.ts'
import { addIndex } from '../../src/stores/sql/migrations/add-index.ts'
import { first } from '../../src/stores/sql/migrations/first.ts'
import { MIGRATIONS, type Migration } from '../../src/stores/sql/migrations/migrations.ts'
import { peopleAnswer } from '../../src/stores/sql/migrations/people-answer.ts'
import type { Naming } from '../../src/stores/sql/naming.ts'
import { message } from '../../src/testing/database-conformance/kit.ts'
import { freshDatabase, type TestDatabase } from '../support/databases.ts'
import type { Installation, UpgradedEngine } from './upgrading/database.ts'
import { checkFirstRelease } from './upgrading/first-release.ts'
import { upgradedMysql } from './upgrading/mysql.ts'
import { upgradedPostgres } from './upgrading/postgres.ts'
import { upgradedSqlite } from './upgrading/sqlite.ts'

const databases: TestDatabase[] = []
const installed: Installation[] = []
afterEach(async () => {
  for (const installation of installed.splice(0)) await installation.close()
})
afterAll(async () => {
  for (const database of databases) await database.drop()
})

async function freshUrl(engine: 'postgres' | 'mysql'): Promise<string> {
  const database = (await freshDatabase(engine)) ?? expect.fail()
  databases.push(database)
  return database.url
}
const isHere = async (engine: 'postgres' | 'mysql'): Promise<boolean> => {
  const database = await freshDatabase(engine)
  await database?.drop()
  return database !== undefined
}

const ENGINES: { name: string; namings: Naming[]; engine: UpgradedEngine | undefined }[] = [
  { name: 'SQLite', namings: [{}, { prefix: 'app_' }], engine: upgradedSqlite },
  {
    name: 'PostgreSQL',
    namings: [{}, { prefix: 'app_', schema: 'desk' }],
    engine: (await isHere('postgres')) ? upgradedPostgres(() => freshUrl('postgres')) : undefined,
  },
  {
    name: 'MySQL or MariaDB',
    namings: [{}, { prefix: 'app_' }],
    engine: (await isHere('mysql')) ? await upgradedMysql(() => freshUrl('mysql')) : undefined,
  },
]

/** What a later release might add: columns with and without a default, and each kind of index */
const later: Migration = (engine) => [
  addColumn(engine, { table: 'support_chats', name: 'rating', type: engine.types.integer }),
  addColumn(engine, { table: 'support_messages', name: 'kind', type: engine.types.word, default: sql.lit('text') }),
  addColumn(engine, { table: 'support_messages', name: 'note', type: engine.types.text }),
  ...addIndex(engine, {
    table: 'support_chats',
    name: 'support_chats_rated',
    columns: ['last_message_at', 'id'],
    where: sql`rating is not null`,
    generated: { is_rated: { type: sql`smallint`, as: sql`rating is not null` } },
    otherwise: ['is_rated', 'last_message_at', 'id'],
  }),
  ...addIndex(engine, {
    table: 'support_messages',
    name: 'support_messages_kind',
    columns: ['kind', 'id'],
    unique: true,
  }),
  ...addIndex(engine, {
    table: 'support_users',
    name: 'support_users_name',
    columns: [sql`lower(name)`],
    otherwise: [],
  }),
]
const NEXT = [...MIGRATIONS, later]
const TWO = [first, later]
/** Its statements on MySQL, where one index is served by another, and the record that it was applied */
const STATEMENTS = 6

const fixtureOf = ({ fixture }: UpgradedEngine): string =>
  readFileSync(resolve(import.meta.dirname, `../fixtures/schema-1/${fixture}.sql`), 'utf8')

describe.each(ENGINES)('On $name', ({ namings, engine }) => {
  describe.skipIf(!engine).each(namings)('with the names %o', (naming) => {
    async function install(isLoaded: boolean): Promise<Installation> {
      if (!engine) return expect.fail()
      const installation = await engine.install(naming)
      installed.push(installation)
      if (isLoaded) await installation.load(fixtureOf(engine))
      return installation
    }

    it('a database of the first release becomes like a new one, and keeps what is in it', async () => {
      const [old, fresh] = [await install(true), await install(false)]
      const store = await old.open()
      await (await fresh.open()).close()
      expect(await old.catalogue()).toEqual(await fresh.catalogue())
      await checkFirstRelease(store)
      await store.close()
    })

    it('a column or index can be added while nodes of the version before write', async () => {
      const [old, fresh] = [await install(true), await install(false)]
      const before = await old.open()
      await old.migrate(NEXT)
      await fresh.migrate(NEXT)
      expect(await old.catalogue()).toEqual(await fresh.catalogue())
      const [outcome] = await before.appendMessages([message('01950000-00c0-7000-8000-000000000001')])
      expect(outcome).toMatchObject({ kind: 'stored', message: { seq: 5 } })
      expect(
        Number(await old.value("select count(*) from {support_messages} where kind = 'text' and note is null")),
      ).toBe(10)
      // Once more, and then for the version that does not know it
      await old.migrate(NEXT)
      await before.close()
      await expect(old.migrate(MIGRATIONS)).rejects.toThrow(/newer version/)
    })

    it('what was applied stays when a later migration fails, where others write meanwhile', async () => {
      const old = await install(true)
      const broken: Migration = ({ compiler }) => [sql`interrupted`.compile(compiler)]
      await expect(old.migrate([...MIGRATIONS, broken])).rejects.toThrow()
      // SQLite's only writer does all at once
      const applied = engine?.fixture === 'sqlite' ? 1 : MIGRATIONS.length
      expect(Number(await old.value('select max(version) from {support_migrations}'))).toBe(applied)
      const store = await old.open()
      await checkFirstRelease(store)
      await store.close()
    })

    it('chats in which a person answers stay theirs, and what was archived after it begins anew', async () => {
      const old = await install(true)
      const at = MIGRATIONS.indexOf(peopleAnswer)
      await old.migrate(MIGRATIONS.slice(0, at))
      const [ADAS, CYS] = [1, 3].map((n) => `01950000-00c0-7000-8000-00000000000${n}`)
      // Each engine writes a moment of UTC in another way
      const moment = (time: string): string =>
        engine?.fixture === 'sqlite'
          ? `2026-03-02T${time}.000Z`
          : `2026-03-02 ${time}.000${engine?.fixture === 'postgres' ? '+00' : ''}`
      const activity = (n: number, chat: string | undefined, kind: string, time: string): string =>
        `('01950000-00d0-7000-8000-00000000000${n}', '${chat}', ${n}, '${kind}', '{}', '${moment(time)}')`
      // Ada's chat was archived between two replies, Cy's after the last one, and assigned before that
      await old.load(`insert into support_activities (id, chat_id, seq, kind, body, created_at) values
        ${activity(1, ADAS, 'archived', '09:05:00')}, ${activity(2, CYS, 'assigned', '09:13:30')}, ${activity(3, CYS, 'archived', '09:14:00')};`)
      await old.load(`update support_chats set assignee_id = 'sam' where id = '${CYS}';`)
      await old.migrate(MIGRATIONS.slice(0, at + 1))
      const isOff = async (chat: string | undefined) =>
        Number(
          await old.value(`select count(*) from {support_chats} where id = '${chat}' and assistant_off_at is not null`),
        )
      expect([await isOff(ADAS), await isOff(CYS)]).toEqual([1, 0])
    })

    it('a migration that was interrupted anywhere is done whole by the next node', async () => {
      const whole = await install(true)
      await whole.migrate(TWO)
      const expected = await whole.catalogue()
      for (let n = 1; n <= STATEMENTS; n++) {
        const broken = await install(true)
        const before = await broken.catalogue()
        await expect(broken.migrateUntil(n, TWO), `before statement ${n}`).rejects.toThrow()
        if (engine?.fixture === 'sqlite' || engine?.fixture === 'postgres')
          expect(await broken.catalogue()).toEqual(before)
        else if (n > 1) expect(await broken.catalogue()).not.toEqual(before)
        await broken.migrate(TWO)
        expect(await broken.catalogue()).toEqual(expected)
      }
    })
  })
})
