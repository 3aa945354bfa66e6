// /readyz and /healthz of the stand-alone server, in every state that it goes through.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { serve, type Running } from '../../src/standalone/serve.ts'
import { readSettings } from '../../src/standalone/settings.ts'
import { AUDIENCE, tokens } from '../../src/server/people/token.ts'
import { FaultProxy } from '../../src/testing/fault-proxy.ts'
import { loopTime } from '../../src/testing/loop-time.ts'
import { freshDatabase } from '../support/databases.ts'
import { SECRET, until } from '../support/desk.ts'
import { TestSocket, V1 } from '../support/socket.ts'
import { freePort } from '../support/ports.ts'

let dir: string
let port: number
let running: Running | undefined
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-ready-'))
  port = await freePort()
})
afterEach(async () => {
  await running?.stop()
  running = undefined
  rmSync(dir, { recursive: true, force: true })
})

const start = (env: Record<string, string> = {}): Promise<Running> =>
  serve(
    readSettings({
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: dir,
      DESKBELL_SECRET: SECRET,
      LOG_LEVEL: 'silent',
      ...env,
    }),
  )
async function ask(path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  return `${response.status} ${await response.text()}`
}

it('a server is not ready before the database is there', async () => {
  // It takes connections, and says nothing
  const silent = createServer().listen(0, '127.0.0.1')
  const open: Socket[] = []
  silent.on('connection', (socket) => open.push(socket))
  await until(() => silent.listening)
  const { port: databasePort } = silent.address() as { port: number }
  const started = start({ DATABASE_URL: `postgres://nobody@127.0.0.1:${databasePort}/none` }).then(
    () => 'started',
    (error: Error) => error.message,
  )
  await until(() => open.length > 0)
  expect(await ask('/readyz')).toBe('503 starting')
  expect(await ask('/healthz')).toBe('200 starting')
  expect(await ask('/support_chat')).toBe('503 starting')
  for (const socket of open) socket.destroy()
  expect(await started).toMatch(/cannot be opened/)
  await expect(ask('/readyz')).rejects.toThrow('fetch failed')
  silent.close()
})

it('a server is ready while the database answers; it lives in any case', async () => {
  running = await start()
  await until(async () => (await ask('/readyz')) === '200 ok')
  const other = new DatabaseSync(join(dir, 'deskbell.db'))
  other.exec('ALTER TABLE support_meta RENAME TO away')
  await until(async () => (await ask('/readyz')) === '503 database')
  expect(await ask('/healthz')).toBe('200 ok')
  other.exec('ALTER TABLE away RENAME TO support_meta')
  other.close()
  await until(async () => (await ask('/readyz')) === '200 ok')
})

const database = await freshDatabase('postgres')
it.skipIf(!database)('/readyz does not wait for a database that is silent', async () => {
  const url = new URL(database?.url ?? '')
  const line = await FaultProxy.start(Number(url.port || 5432))
  url.hostname = '127.0.0.1'
  url.port = String(line.port)
  running = await start({ DATABASE_URL: url.href })
  // A busy machine may take longer than a database is waited for
  await until(async () => (await ask('/readyz')) === '200 ok')
  line.blackhole(true)
  await until(async () => (await ask('/readyz')) === '503 database')
  const began = loopTime()
  // However many ask
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask('/readyz')))
  expect(new Set(answers)).toEqual(new Set(['503 database']))
  expect(loopTime() - began).toBeLessThan(2_500)
  expect(await ask('/healthz')).toBe('200 ok')
  line.blackhole(false)
  line.cut()
  await until(async () => (await ask('/readyz')) === '200 ok')
  await running.stop()
  running = undefined
  await line.close()
  await database?.drop()
})

it('a server is no longer ready once it says goodbye', async () => {
  running = await start()
  const token = await tokens(SECRET).sign(
    { sub: 'ada', email: 'ada@example.com' },
    { audience: AUDIENCE.user, expiresIn: 600 },
  )
  const sockets = await Promise.all(
    Array.from({ length: 120 }, () => TestSocket.open(`ws://127.0.0.1:${port}/cable?jid=${token}`, [V1])),
  )
  const stopped = running.stop()
  running = undefined
  expect(await ask('/readyz')).toBe('503 draining')
  expect(await ask('/healthz')).toBe('200 ok')
  await stopped
  for (const socket of sockets) expect((await socket.end()).code).toBe(1001)
  await expect(ask('/readyz')).rejects.toThrow('fetch failed')
})
