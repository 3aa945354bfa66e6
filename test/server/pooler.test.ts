// The stand-alone server on a PostgreSQL behind a pooler in transaction mode: with one setting it does, and no bus goes through it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openBus } from '../../src/standalone/bus.ts'
import { openDatabase } from '../../src/standalone/database.ts'
import { deskbell } from '../support/cli.ts'
import { freshDatabase } from '../support/databases.ts'
import { pgbouncerBefore, startPgbouncer } from '../support/databases/pgbouncer.ts'
import { pause } from '../support/desk.ts'
import { SECRET, ServerProcess, userToken } from '../support/server-process.ts'

const database = await freshDatabase('postgres')
const pooler = database && (await pgbouncerBefore(database))
const dir = mkdtempSync(join(tmpdir(), 'deskbell-pooler-'))
const pooled = pooler?.url ?? ''
const settings = { DATABASE_URL: `${pooled}?prepare=false`, DATA_DIR: dir, DESKBELL_SECRET: SECRET }
afterAll(async () => {
  await pooler?.remove()
  await database?.drop()
  rmSync(dir, { recursive: true, force: true })
})

const AT = '2026-03-02T09:00:00.000Z'
/** Asks again while the few connections are all taken for long */
async function answered(...request: Parameters<typeof fetch>): Promise<Response> {
  for (;;) {
    const response = await fetch(...request)
    if (response.status !== 503) return response
    await pause(100)
  }
}
const NO_BUS =
  /^The bus postgres:\/\/127\.0\.0\.1:\d+\S* cannot be used: it accepts hints but does not deliver them\. Set BUS_URL to another bus, or to off for a single node$/

describe.skipIf(!pooler)('PostgreSQL behind a pooler', () => {
  it('serves with ?prepare=false, and without a bus', async () => {
    expect((await deskbell(['migrate'], settings)).code).toBe(0)
    const server = await ServerProcess.start({ ...settings, BUS_URL: 'off' })
    const authorization = `Bearer ${await userToken('ada')}`
    const send = (content: string): Promise<Response> =>
      answered(`${server.url}/support_chat/messages`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ content, client_id: content }),
      })
    const sent = await Promise.all(Array.from({ length: 40 }, (_, i) => send(`m${i}`)))
    expect(sent.map(({ status }) => status)).toEqual(sent.map(() => 201))
    const pages = Array.from({ length: 40 }, () =>
      answered(`${server.url}/support_chat/messages?after=0&limit=50`, { headers: { authorization } }),
    )
    for (const page of await Promise.all(pages)) expect(page.status).toBe(200)
    expect(server.errors).not.toMatch(/prepared statement/)
    expect(await server.stop()).toBe(0)
  })

  it('opens as many stores as there are, on few connections', async () => {
    const stores = await Promise.all(Array.from({ length: 4 }, () => openDatabase(settings.DATABASE_URL)))
    await Promise.all(
      stores.flatMap((store, i) =>
        Array.from({ length: 20 }, (_, j) =>
          store.savePeople([{ id: `u${i}-${j}`, email: 'u@x.test', name: null }], AT),
        ),
      ),
    )
    for (const store of stores) expect(await store.findPerson('u3-19')).toMatchObject({ email: 'u@x.test' })
    await Promise.all(stores.map((store) => store.close()))
  })

  it('refuses another word than true or false', async () => {
    await expect(openDatabase(`${pooled}?prepare=no`)).rejects.toThrow(
      'DATABASE_URL is not valid: prepare is true or false',
    )
  })

  it('is a bus in session mode', async () => {
    const other = await startPgbouncer(database?.url ?? '', 'pool_mode = session')
    const bus = await openBus(other?.url ?? '', 'e')
    const hints: string[] = []
    await bus.listen(
      (hint) => hints.push(hint),
      () => undefined,
    )
    const sender = await openBus(database?.url ?? '', 'e')
    await sender.listen(
      () => undefined,
      () => undefined,
    )
    sender.publish('hello')
    await expect.poll(() => hints).toEqual(['hello'])
    await Promise.all([bus.close(), sender.close()])
    await other?.remove()
  })

  it('is no bus in transaction mode, and says so, whoever asks', async () => {
    for (const evenAway of [true, false]) await expect(openBus(pooled, 'e', { evenAway })).rejects.toThrow(NO_BUS)
    // It is what DATABASE_URL brings along
    const { code, err } = await deskbell(['serve'], { ...settings, PORT: '0' })
    expect([code, err.replace(/^deskbell: /, '')]).toEqual([1, expect.stringMatching(NO_BUS)])
  })
})
