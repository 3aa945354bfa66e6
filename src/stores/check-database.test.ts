import { expect, it } from 'vitest'
import { mongoMigrations, mongoStore } from './mongo.ts'
import { mysqlMigrations, mysqlStore } from './mysql.ts'
import { postgresMigrations, postgresStore } from './postgres.ts'
import { sqliteStore } from './sqlite.ts'

const IS_SET = 'Is the variable of the environment set from which you take it?'

it('names the file that SQLite cannot open', async () => {
  await expect(sqliteStore('/nonexistent/folder/chat.db')).rejects.toThrow(
    '/nonexistent/folder/chat.db cannot be opened. Does its folder exist, and may this process write there?',
  )
})

it.each<[(database: never) => Promise<unknown>, string]>([
  [sqliteStore, 'sqliteStore takes a path, a DatabaseSync of node:sqlite'],
  [postgresStore, 'postgresStore takes a URL such as postgres://localhost/app, or a pg.Pool'],
  [mysqlStore, 'mysqlStore takes a URL such as mysql://localhost/app, or a pool of mysql2'],
  [mongoStore, 'mongoStore takes a URL such as mongodb://localhost/app, or a database such as client.db()'],
])('%o says what it takes where it is given nothing', async (open, takes) => {
  for (const given of [undefined, null, '', {}]) {
    const message = await open(given as never).catch(({ message }: Error) => message)
    expect(message).toContain(takes)
    expect(message).toContain(IS_SET)
  }
})

it.each<[(database: never) => Promise<unknown>, string]>([
  [postgresStore, 'postgres://'],
  [postgresMigrations, 'postgres://'],
  [mysqlStore, 'mysql://'],
  [mysqlMigrations, 'mysql://'],
  [mongoStore, 'mongodb://'],
  [mongoMigrations, 'mongodb://'],
])('%o says how a URL begins where a text is none, and does not repeat it', async (open, start) => {
  for (const given of ['localhost', 'app:secret@localhost/app', 'https://app:secret@localhost/app']) {
    const message = await open(given as never).catch(({ message }: Error) => message)
    expect(message).toContain(`takes a URL such as ${start}localhost/app`)
    expect(message).toContain(`does not begin with ${start}`)
    expect(message).not.toContain('secret')
  }
})
