// The stand-alone server's own routes while its database is away: they answer what they can, and what goes wrong is told by the log.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { FaultProxy } from '../../src/testing/fault-proxy.ts'
import { loopTime } from '../../src/testing/loop-time.ts'
import { freshDatabase, type TestDatabase } from '../support/databases.ts'
import { pause, until } from '../support/desk.ts'
import { adminToken, ServerProcess } from '../support/server-process.ts'

const found = { postgres: await freshDatabase('postgres'), mysql: await freshDatabase('mysql') }

describe.each(['postgres', 'mysql'] as const)('%s', (engine) => {
  const database = found[engine] as TestDatabase
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-away-'))
  let line: FaultProxy
  let server: ServerProcess
  beforeAll(async () => {
    if (!found[engine]) return
    const url = new URL(database.url)
    line = await FaultProxy.start(Number(url.port))
    url.hostname = '127.0.0.1'
    url.port = String(line.port)
    server = await ServerProcess.start({ DATA_DIR: dir, DATABASE_URL: url.href, BUS_URL: 'off', METRICS: 'on' })
  })
  afterEach(() => {
    line.blackhole(false)
    line.refuse(false)
  })
  afterAll(async () => {
    rmSync(dir, { recursive: true, force: true })
    if (!found[engine]) return
    await server.stop()
    await line.close()
    await database.drop()
  })

  it.skipIf(!found[engine])('answers a scrape, without what only the database knows', async () => {
    const overdue = /^deskbell_notifications_overdue_seconds /m
    const scrape = async () => (await fetch(`${server.url}/metrics`)).text()
    // A busy machine may take longer than a database is waited for
    await until(async () => overdue.test(await scrape()))
    await pause(600)
    // It answers once more, and not again
    await until(async () => (await fetch(`${server.url}/readyz`)).ok)
    line.blackhole(true)
    // A second and a half, where the server gets its turn
    await until(async () => {
      const began = loopTime()
      const response = await fetch(`${server.url}/metrics`)
      const text = await response.text()
      const took = loopTime() - began
      expect(response.status).toBe(200)
      expect(text).toMatch(/^deskbell_connections\{/m)
      expect(text).not.toMatch(overdue)
      return took < 4_000
    })
    line.blackhole(false)
    line.cut()
    await until(async () => overdue.test(await scrape()))
  })

  it.skipIf(!found[engine])('says 503 to who signs out, and lets nothing past the log', async () => {
    const session = await fetch(`${server.url}/dashboard/session`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await adminToken()}` },
    })
    const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? ''
    server.errors = ''
    line.refuse(true)
    line.cut()
    const response = await fetch(`${server.url}/dashboard/sign_out`, { method: 'POST', headers: { cookie } })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await response.json()).toMatchObject({ code: 'unavailable' })
    const logged = server.errors
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as { level: string; err: { type: string; cause: { code: string } } })
    expect(logged.length).toBeGreaterThan(0)
    expect(logged.map(({ err }) => [err.type, typeof err.cause.code])).toContainEqual(['StoreUnavailable', 'string'])
    expect(logged.every(({ level }) => level === 'error')).toBe(true)
    expect(server.errors).not.toMatch(/insert into|select /i)
    line.refuse(false)
  })
})
