import { DatabaseSync } from 'node:sqlite'
import { beforeEach, expect, it } from 'vitest'
import { Database } from './database.ts'
import { grouped } from './grouped.ts'

let connection: DatabaseSync
let inGroup: ReturnType<typeof grouped>
let commits: number
beforeEach(() => {
  connection = new DatabaseSync(':memory:')
  connection.exec('CREATE TABLE entries (name TEXT PRIMARY KEY)')
  const db = new Database(connection)
  const transaction = db.transaction.bind(db)
  commits = 0
  db.transaction = async (work) => {
    const result = await transaction(work)
    commits++
    return result
  }
  inGroup = grouped(db)
})

const insert = (name: string): number | bigint =>
  connection.prepare('INSERT INTO entries VALUES (?)').run(name).lastInsertRowid
const names = (): unknown[] =>
  connection
    .prepare('SELECT name FROM entries ORDER BY rowid')
    .all()
    .map(({ name }) => name)

it('commits once what comes in one turn, in its order', async () => {
  expect(await Promise.all(['a', 'b', 'c'].map((name) => inGroup(() => insert(name))))).toEqual([1, 2, 3])
  expect(names()).toEqual(['a', 'b', 'c'])
  expect(commits).toBe(1)
})

it('undoes work that throws, and none of its group', async () => {
  const outcomes = await Promise.allSettled(['a', 'b', 'a', 'c'].map((name) => inGroup(() => insert(name))))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  expect(names()).toEqual(['a', 'b', 'c'])
})
