// The command line on the databases that teams run already.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type EngineName } from '../support/databases.ts'
import { SECRET, until } from '../support/desk.ts'
import { CLI, COMPILED, NODE } from '../support/node.ts'

const dir = mkdtempSync(join(tmpdir(), 'deskbell-cli-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const found = {
  postgres: await freshDatabase('postgres'),
  mysql: await freshDatabase('mysql'),
}

describe.each<[EngineName, string]>([
  ['postgres', 'postgresql:'],
  ['mysql', 'mariadb:'],
])('%s', (engine, otherName) => {
  const database = found[engine]
  let env: Record<string, string>
  const cli = async (...args: string[]) => (await promisify(execFile)(NODE, [CLI, ...args], { cwd: dir, env })).stdout
  beforeAll(() => {
    env = {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: database?.url ?? '',
      DESKBELL_SECRET: SECRET,
      DATA_DIR: join(dir, engine),
      PORT: '0',
      NO_COLOR: '1',
      ...COMPILED,
    }
  })
  afterAll(() => database?.drop())

  it.skipIf(!database)('shows what a migration would do, does it, and has nothing left to do', async () => {
    const plan = await cli('migrate', '--dry-run')
    expect(plan).toMatch(/create table .*support_messages.*;\n/)
    expect(await cli('migrate', '--dry-run')).toMatch(/create table/)
    expect(await cli('migrate')).toMatch(/ is up to date\n$/)
    expect(await cli('migrate', '--dry-run')).toMatch(/^-- .* is up to date\n$/)
  })

  it.skipIf(!database)('makes the index of search when it is asked for', async () => {
    await cli('migrate')
    env['FULL_TEXT_SEARCH'] = 'on'
    expect(await cli('migrate', '--dry-run')).toMatch(
      engine === 'mysql' ? /^create table `support_search_messages` / : /^create index concurrently .*;\n$/,
    )
    // A busy machine may take longer than it waits
    const doctor = () =>
      cli('doctor').then(
        () => expect.fail('It finds nothing wrong'),
        ({ stdout }: { stdout: string }) => stdout,
      )
    await expect.poll(doctor, { timeout: 120_000 }).toMatch(/not up to date/)
    expect(await cli('migrate')).toMatch(/ is up to date\n$/)
    expect(await cli('migrate', '--dry-run')).toMatch(/^-- .* is up to date\n$/)
  })

  it.skipIf(!database)('serves a chat from it, under the other name of its URLs too', async () => {
    env['DATABASE_URL'] = env['DATABASE_URL']?.replace(/^\w+:/, otherName) ?? ''
    const server = spawn(NODE, [CLI, 'serve'], { cwd: dir, env })
    let out = ''
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk.toString()))
    const exit = once(server, 'close')
    try {
      const url = await until(() => /http:\/\/localhost:\d+/.exec(out)?.[0])
      const token = (await cli('token', '--sub', 'ada', '--email', 'ada@example.com')).trim()
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const send = await fetch(`${url}/support_chat/messages`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ content: 'Grüße 😀' }),
      })
      expect(send.status).toBe(201)
      const chat = (await (await fetch(`${url}/support_chat`, { headers })).json()) as { messages: unknown[] }
      expect(chat.messages).toMatchObject([{ seq: 1, content: 'Grüße 😀' }])
    } finally {
      server.kill('SIGTERM')
      await exit
    }
  })
})
