// Backup and restore of the other engines as docs/operating.md has it: by their own programs, and a new epoch.
import { execFileSync, execSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Store } from '../../src/entries/node.ts'
import { openDatabase } from '../../src/standalone/database.ts'
import { deskbell } from '../support/cli.ts'
import { freshDatabase, type TestDatabase } from '../support/databases.ts'
import { SECRET } from '../support/server-process.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-dumps-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** What a program says of itself; nothing where it is not */
const versionOf = (program: string): string => {
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return ''
  }
}

const AT = '2026-03-02T09:00:00.000Z'
const CHAT = '01950000-0000-7000-8000-000000000001'
const uuid = (n: number): string => `01950000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** Staff says something, of which a mail is due */
async function say(store: Store, n: number): Promise<void> {
  const message = { id: uuid(n), chat_id: CHAT, content: `m${n}`, sender_type: 'admin' as const, sender_id: 'sam' }
  await store.appendMessages([{ ...message, sender_name: 'Sam', client_id: null, created_at: AT, notify_at: AT }])
}

async function comesBack(database: TestDatabase, dump: (url: URL) => void, restore: (url: URL) => void) {
  const { url } = database
  const before = await openDatabase(url)
  await before.savePeople([{ id: 'ada', email: 'ada@example.com', name: 'Ada' }], AT)
  await before.openChat('ada', CHAT, AT)
  await say(before, 11)
  await say(before, 12)
  dump(new URL(url))
  await say(before, 13)
  const { epoch } = before
  await before.close()

  restore(new URL(url))
  const renewed = await deskbell(['renew-epoch'], { DATABASE_URL: url, DATA_DIR: dir, DESKBELL_SECRET: SECRET })
  expect([renewed.code, renewed.err]).toEqual([0, ''])
  const after = await openDatabase(url)
  const { messages } = await after.messages(CHAT, { after: 0, limit: 10 })
  expect(messages.map(({ content }) => content)).toEqual(['m11', 'm12'])
  expect(after.epoch).not.toBe(epoch)
  expect(await after.nextNotification('reply')).toBeUndefined()
  // It goes on from there
  await say(after, 14)
  expect((await after.findChat(CHAT))?.last_seq).toBe(3)
  await after.close()
  await database.drop()
}

const postgres = versionOf('pg_dump') ? await freshDatabase('postgres') : undefined
it.skipIf(!postgres)('a dump of PostgreSQL comes back with all that was in it', async () => {
  const file = join(dir, 'deskbell.dump')
  if (!postgres) return
  await comesBack(
    postgres,
    ({ href }) => execFileSync('pg_dump', ['--format=custom', `--file=${file}`, href]),
    ({ href }) => execFileSync('pg_restore', ['--clean', '--if-exists', `--dbname=${href}`, file]),
  )
})

/** Each server's own: what MariaDB's dump makes of generated columns MySQL does not take */
async function mysqlPrograms(url: string): Promise<[dump: string, restore: string] | undefined> {
  const connection = await createConnection(url)
  const [[server]] = await connection.query<RowDataPacket[]>('SELECT version() AS version')
  await connection.end()
  if (/mariadb/i.test(String(server?.['version']))) {
    return versionOf('mariadb-dump') ? ['mariadb-dump --single-transaction', 'mariadb'] : undefined
  }
  return /mariadb|^$/i.test(versionOf('mysqldump'))
    ? undefined
    : ['mysqldump --single-transaction --no-tablespaces --set-gtid-purged=OFF', 'mysql']
}

const mysql = await freshDatabase('mysql')
const programs = mysql && (await mysqlPrograms(mysql.url))
if (mysql && !programs) await mysql.drop()
it.skipIf(!programs)('a dump of MySQL or MariaDB comes back with all that was in it', async () => {
  const file = join(dir, 'deskbell.sql')
  const connection = ({ hostname, port, username, password, pathname }: URL): string =>
    [
      `--host=${hostname}`,
      `--port=${port || '3306'}`,
      `--user=${decodeURIComponent(username)}`,
      `--password=${decodeURIComponent(password)}`,
      pathname.slice(1),
    ].join(' ')
  if (!mysql || !programs) return
  const [dump, restore] = programs
  await comesBack(
    mysql,
    (url) => execSync(`${dump} ${connection(url)} > ${file}`),
    (url) => execSync(`${restore} ${connection(url)} < ${file}`),
  )
})
