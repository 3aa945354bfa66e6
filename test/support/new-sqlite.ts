// New databases of SQLite, with all tables. To make the tables takes several times as long as to copy them, and tests begin with hundreds.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStore, type SqliteOptions } from '../../src/stores/sqlite.ts'

/** What is in the file of an empty database, by the options that it was made with */
const empty = new Map<string, Promise<Buffer>>()

/** Lays an empty database there, with an epoch of its own */
export async function newSqlite(file: string, options: SqliteOptions = {}): Promise<void> {
  const key = JSON.stringify(options)
  let bytes = empty.get(key)
  if (!bytes) empty.set(key, (bytes = made(options)))
  writeFileSync(file, await bytes)
  const db = new DatabaseSync(file)
  db.exec('PRAGMA synchronous = OFF')
  db.exec("UPDATE support_meta SET value = lower(hex(randomblob(6))) WHERE name = 'epoch'")
  db.close()
}

async function made(options: SqliteOptions): Promise<Buffer> {
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-empty-'))
  const file = join(dir, 'chat.db')
  const store = await sqliteStore(file, options)
  await store.close()
  const bytes = readFileSync(file)
  rmSync(dir, { recursive: true })
  return bytes
}
