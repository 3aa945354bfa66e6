// Backup while people write, and restore: whatever a client held before, it shows what the database has.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sqliteStore } from '../../src/entries/node.ts'
import { deskbell, type CommandEnd } from '../support/cli.ts'
import { pause, until } from '../support/desk.ts'
import { StaffBrowser } from '../support/staff-browser.ts'
import { adminToken, SECRET, ServerProcess, userToken } from '../support/server-process.ts'
import { Device, memoryStorage } from './model/device.ts'

/** Messages that are loaded at a time */
const PAGE = 50

let dir: string
let file: string
let copy: string
let settings: Record<string, string>
let server: ServerProcess
const devices: Device[] = []

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-restore-'))
  file = join(dir, 'chat.db')
  copy = join(dir, 'backup.db')
  settings = { DATA_DIR: dir, DATABASE_URL: `sqlite:${file}`, DESKBELL_SECRET: SECRET }
  server = await ServerProcess.start(settings)
})
afterEach(async () => {
  for (const device of devices.splice(0)) await device.stop()
  await server.kill()
  rmSync(dir, { recursive: true, force: true })
})

const run = (...args: string[]): Promise<CommandEnd> => deskbell(args, settings)

async function device(name: string, role: 'user' | 'admin', chatId?: string): Promise<Device> {
  const token = await (role === 'user' ? userToken('ada') : adminToken(name))
  const options = { name, role, token, port: server.port, storage: memoryStorage(), random: Math.random }
  const made = await Device.start({ ...options, ...(chatId === undefined ? {} : { chatId }) })
  devices.push(made)
  await until(() => made.conversation?.state.status === 'ready')
  return made
}

/** Two devices of a person, and two of staff, in one chat */
async function meet(): Promise<Device[]> {
  const user = await device('phone', 'user')
  const chatId = await until(() => user.conversation?.state.chat_id ?? undefined)
  return [
    user,
    await device('laptop', 'user'),
    await device('sam', 'admin', chatId),
    await device('kim', 'admin', chatId),
  ]
}

function stored(of = file): string[] {
  const db = new DatabaseSync(of, { readOnly: true })
  const rows = db.prepare('SELECT content FROM support_messages ORDER BY seq').all()
  db.close()
  return rows.map((row) => String(row['content']))
}

const shown = (one: Device): string[] => (one.conversation?.state.messages ?? []).map((message) => message.content)

/** What is stored, from the place on that it has scrolled to; a page at least */
function showsExactly(one: Device, all: string[]): boolean {
  const seen = shown(one)
  const isEnough = seen.length >= Math.min(PAGE, all.length)
  return isEnough && JSON.stringify(all.slice(-seen.length)) === JSON.stringify(seen)
}

/** Nobody has anything left to send, and everybody shows what is stored */
async function settled(): Promise<void> {
  await until(() => devices.every((one) => one.conversation?.state.pending.length === 0))
  const all = stored()
  await until(() => devices.every((one) => showsExactly(one, all)))
}

async function talk(count: number, what: string): Promise<void> {
  for (let n = 0; n < count; n++) {
    devices[n % devices.length]?.send(`${what} ${n}`)
    await pause(5)
  }
}

it('a database that was put back is what every client shows afterwards', async () => {
  const [phone, , , kim] = await meet()
  await talk(30, 'early')
  await settled()

  // Taken while they write: a state that there was, with nothing in it that is half done
  const talking = talk(60, 'meanwhile')
  const backup = await run('backup', copy)
  expect([backup.code, backup.err]).toEqual([0, ''])
  await talking
  await talk(20, 'lost')
  await settled()
  const [held, before] = [stored(copy), stored()]
  expect(before.slice(0, held.length)).toEqual(held)
  expect(held.length).toBeGreaterThanOrEqual(30)
  expect(before.length).toBe(110)

  const refused = await run('restore', copy)
  expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/chat\.db is in use: first stop the server/)])
  expect(stored()).toEqual(before)

  // One of them hears nothing of it until the chat has grown past what it holds
  kim?.line.refuse(true)
  kim?.line.cut()
  await server.stop()
  const restored = await run('restore', copy)
  expect([restored.code, restored.err]).toEqual([0, ''])
  expect(restored.out).toMatch(/The previous database is kept as .*chat\.db\.before-\d+T\d+/)
  const kept = readdirSync(dir).find((name) => name.includes('.before-') && !/-(wal|shm)$/.test(name)) ?? ''
  expect(stored(join(dir, kept))).toEqual(before)
  expect(stored()).toEqual(held)
  await server.start()

  const online = devices.filter((one) => one !== kim)
  await until(() => online.every((one) => showsExactly(one, held)))
  for (let n = 0; stored().length < before.length + 10; n++) {
    phone?.send(`after ${n}`)
    await pause(5)
  }
  kim?.line.refuse(false)
  await settled()
  expect(devices.flatMap((one) => one.violations)).toEqual([])
})

it('a backup has the accounts and the webhooks that wait; a restore ends sessions and links of then', async () => {
  const owner = new StaffBrowser(server.url)
  const form = { email: 'olga@desk.example', name: 'Olga', password: 'correct horse battery' }
  const newLink = async () => (await run('account', 'create-owner')).out.replace(/^.*(?=\/dashboard)/, '')
  await owner.post(await newLink(), form)
  expect((await owner.api('GET', '/admin/chats')).status).toBe(200)
  const link = await newLink()
  await server.stop()
  const store = await sqliteStore(file)
  const [ada, chat] = [{ id: 'ada', email: 'ada@example.com', name: null }, '01950000-0000-7000-8000-000000000001']
  const at = new Date().toISOString()
  const endpoint = '01950000-0000-7000-8000-000000000002'
  await store.savePeople([ada], at)
  await store.openChat('ada', chat, at)
  await store.setArchived(chat, true, at, { outbox: { 'chat.archived': [endpoint] } })
  await store.close()
  expect((await run('backup', copy)).code).toBe(0)
  rmSync(file)
  expect((await run('restore', copy)).code).toBe(0)

  const restored = await sqliteStore(file)
  // It may have been sent; the receiver knows it by its id
  expect(await restored.nextWebhook(endpoint)).toBeDefined()
  await restored.close()
  await server.start()
  expect((await owner.api('GET', '/admin/chats')).status).toBe(401)
  expect((await owner.get(link)).status).toBe(410)
  expect((await owner.signIn(form.email, form.password)).status).toBe(303)
})

it('renew-epoch stops a server that still runs on the database', async () => {
  await meet()
  await talk(10, 'hello')
  await settled()
  expect((await run('renew-epoch')).code).toBe(0)
  // It looks every few seconds
  await until(() => !server.isRunning)
  expect(server.errors).toContain('put back to an earlier state')
  await server.start()
  await talk(10, 'again')
  await settled()
})

it('restore refuses what is no backup, and changes nothing', async () => {
  await meet()
  await talk(4, 'hello')
  await settled()
  await server.stop()
  const before = stored()
  const other = join(dir, 'other.db')
  new DatabaseSync(other).exec('CREATE TABLE t (x)')
  const junk = join(dir, 'junk.db')
  writeFileSync(junk, 'no database, only text '.repeat(200))
  for (const [args, text] of [
    [['restore', join(dir, 'none.db')], /There is no file/],
    [['restore', other], /no database of Deskbell’s/],
    [['restore', junk], /cannot be restored: file is not a database/],
    [['backup', other], /already exists/],
    [['backup'], /needs the name of one file/],
  ] as const) {
    const { code, err } = await run(...args)
    expect([code, err]).toEqual([1, expect.stringMatching(text)])
  }
  expect(stored()).toEqual(before)
  expect(readdirSync(dir).filter((name) => /restoring|partial|before/.test(name))).toEqual([])

  // Into an empty folder, and over a database that is damaged past opening
  expect((await run('backup', copy)).code).toBe(0)
  rmSync(file)
  expect((await run('restore', copy)).code).toBe(0)
  expect(stored()).toEqual(before)
  writeFileSync(file, 'no database, only text '.repeat(200))
  expect((await run('restore', copy)).code).toBe(0)
  expect(stored()).toEqual(before)
  expect(existsSync(`${file}.restoring`)).toBe(false)
})
