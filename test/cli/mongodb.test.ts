// The command line on MongoDB.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { examine } from '../../src/cli/doctor/examine.ts'
import { readSettings } from '../../src/standalone/settings.ts'
import { deskbell } from '../support/cli.ts'
import { freshMongodb } from '../support/mongodb.ts'
import { freePort } from '../support/ports.ts'
import { SECRET, ServerProcess, userToken } from '../support/server-process.ts'

const database = await freshMongodb()
const dir = mkdtempSync(join(tmpdir(), 'deskbell-mongodb-'))
const env = { DATABASE_URL: database?.url ?? '', DATA_DIR: dir, DESKBELL_SECRET: SECRET, NODE_ENV: 'development' }
const name = database ? new URL(database.url).href : ''
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** @returns what it printed, once it ended well */
async function run(...args: string[]): Promise<string> {
  const { code, out, err } = await deskbell(args, env)
  expect([code, err]).toEqual([0, ''])
  return out
}

async function findings(url = env.DATABASE_URL) {
  const settings = { ...env, DATABASE_URL: url, PUBLIC_URL: `http://127.0.0.1:${await freePort()}` }
  return (await examine(() => readSettings(settings), undefined)).filter(({ check }) => check.startsWith('database'))
}
/** It waits 15 s at most for what a busy machine may do later, so it looks again until it finds what is expected */
const finding = (url?: string) => expect.poll(() => findings(url), { timeout: 120_000 })

describe.skipIf(!database)('deskbell on MongoDB', () => {
  beforeEach(() => run('migrate'))
  afterEach(() => database?.drop())

  it('shows what a migration would do, does it, and has nothing left to do', async () => {
    await database?.drop()
    const plan = await run('migrate', '--dry-run')
    const [validators, indexes] = [plan.split('\n').slice(0, 3), plan.split('\n').slice(3)]
    for (const line of validators)
      expect(line).toMatch(/^db\.runCommand\(\{"create":"support_\w+","validator":\{"\$jsonSchema":.*\}\);$/)
    for (const line of indexes) expect(line).toMatch(/^db\.getCollection\('support_\w+'\)\.createIndex\(.*\);$/)
    await finding().toMatchObject([
      { check: 'database', state: 'wrong', text: expect.stringMatching(/not up to date/) as string },
    ])
    expect(await run('migrate', '--dry-run')).toBe(plan)
    expect(await run('migrate')).toBe(`${name} is up to date`)
    expect(await run('migrate', '--dry-run')).toBe(`// ${name} is up to date`)
  })

  it('finds nothing wrong where nothing is', async () => {
    await finding().toMatchObject([
      { check: 'database', state: 'ok' },
      { check: 'database clock', state: 'ok' },
      { check: 'database writes', state: 'ok' },
    ])
  })

  it('keeps what was sent to a server, hands it out and erases it', async () => {
    const headers = { authorization: `Bearer ${await userToken('ada')}`, 'content-type': 'application/json' }
    const start = () => ServerProcess.start(env)
    let server = await start()
    const body = JSON.stringify({ content: 'Grüße 😀' })
    const sent = await fetch(`${server.url}/support_chat/messages`, { method: 'POST', headers, body })
    expect(sent.status).toBe(201)
    expect(await server.stop()).toBe(0)
    server = await start()
    const chat = (await (await fetch(`${server.url}/support_chat`, { headers })).json()) as { messages: unknown[] }
    expect(chat.messages).toMatchObject([{ seq: 1, content: 'Grüße 😀' }])
    expect(await server.stop()).toBe(0)

    expect(JSON.stringify(JSON.parse(await run('export', 'ada')))).toContain('Grüße 😀')
    expect(await run('renew-epoch')).toMatch(/has a new epoch/)
    await run('erase', 'ada', '--yes')
    expect((await deskbell(['export', 'ada'], env)).err).toMatch(/ada/)
  })

  it('says what makes a backup', async () => {
    const { code, err } = await deskbell(['backup', join(dir, 'copy')], env)
    expect(code).not.toBe(0)
    expect(err).toMatch(/This command is for SQLite\. .*mongodump/)
  })
})

it('deskbell doctor says that a MongoDB does not answer', async () => {
  await finding(`mongodb://me:secret@127.0.0.1:${await freePort()}/none`).toEqual([
    {
      check: 'database',
      state: 'wrong',
      text: expect.stringMatching(/^(?!.*secret).*ECONNREFUSED.*Check DATABASE_URL/s) as string,
    },
  ])
})
