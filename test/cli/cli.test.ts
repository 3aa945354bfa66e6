// The command line as a person uses it: a process of its own.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AUDIENCE, LEEWAY, tokens } from '../../src/server/people/token.ts'
import { VERSION } from '../../src/standalone/version.ts'
import { SECRET, until } from '../support/desk.ts'
import { CLI, COMPILED, NODE } from '../support/node.ts'
import { TestSocket, V1 } from '../support/socket.ts'

interface Run {
  child: ChildProcess
  out: () => string
  err: () => string
  exit: Promise<number | null>
}

let dir: string
let runs: Run[] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-cli-'))
})
afterEach(async () => {
  for (const { child, exit } of runs) {
    child.kill('SIGKILL')
    await exit
  }
  runs = []
  rmSync(dir, { recursive: true, force: true })
})

function run(args: string[], env: Record<string, string> = {}): Run {
  const child = spawn(NODE, [CLI, ...args], {
    cwd: dir,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      HOST: '127.0.0.1',
      DATA_DIR: join(dir, 'data'),
      NO_COLOR: '1',
      ...COMPILED,
      ...env,
    },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const exit = once(child, 'close').then(([code]) => code as number | null)
  const result = { child, out: () => out, err: () => err, exit }
  runs.push(result)
  return result
}

async function serve(env: Record<string, string> = {}): Promise<Run & { url: string }> {
  const server = run(['serve'], env)
  const url = await until(() => /http:\/\/localhost:\d+/.exec(server.out())?.[0])
  await until(() => /Database|"msg":"Started"/.test(server.out()))
  return { ...server, url: url.replace('localhost', '127.0.0.1') }
}
const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { redirect: 'manual', headers })

describe('serve', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints what one needs, and ends well on %s with people connected',
    async (signal) => {
      const server = await serve({ DESKBELL_SECRET: SECRET })
      for (const word of ['is ready', '/demo', '/dashboard?ticket=', '/dev/mailbox', 'deskbell.db', '<script src=']) {
        expect(server.out()).toContain(word)
      }
      const token = await tokens(SECRET).sign(
        { sub: 'a', email: 'a@example.com' },
        { audience: AUDIENCE.user, expiresIn: 600 },
      )
      const socket = await TestSocket.open(`${server.url.replace('http', 'ws')}/cable?jid=${token}`, [V1])
      server.child.kill(signal)
      expect(await server.exit).toBe(0)
      expect((await socket.end()).code).toBe(1001)
      expect(server.err()).toBe('')
    },
  )

  it.each(['SIGINT', 'SIGTERM'] as const)('is gone at once on %s while it waits for its database', async (signal) => {
    const silent = createServer().listen(0, '127.0.0.1')
    const asked = once(silent, 'connection') as Promise<[Socket]>
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const server = run(['serve'], { DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none` })
    const [socket] = await asked
    server.child.kill(signal)
    expect(await server.exit).toBe(0)
    expect(server.err()).toBe('')
    socket.destroy()
    silent.close()
  })

  it('keeps its secret and its data', async () => {
    const first = await serve()
    const token = run(['token', '--sub', 'ada', '--email', 'ada@example.com'])
    expect(await token.exit).toBe(0)
    const headers = { authorization: `Bearer ${token.out().trim()}` }
    const before = (await (await get(`${first.url}/support_chat`, headers)).json()) as { id: string }
    first.child.kill('SIGTERM')
    await first.exit
    const second = await serve()
    expect(await (await get(`${second.url}/support_chat`, headers)).json()).toMatchObject({ id: before.id })
  })

  it('signs in once by the link it printed, and leaves no ticket in the address', async () => {
    const server = await serve()
    const ticket = /\?ticket=\S+/.exec(server.out())?.[0] ?? ''
    const first = await get(`${server.url}/dashboard${ticket}`)
    expect(first.status).toBe(302)
    expect(first.headers.get('location')).toBe('dashboard')
    const cookie = first.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Lax/i)
    const session = { cookie: cookie.split(';')[0] ?? '' }
    expect((await get(`${server.url}/admin/chats`, session)).status).toBe(200)
    expect((await get(`${server.url}/admin/chats`)).status).toBe(401)
    const again = await get(`${server.url}/dashboard${ticket}`)
    expect([again.status, again.headers.get('set-cookie')]).toEqual([302, null])
    const forged = await get(`${server.url}/dashboard?ticket=constructor`)
    expect(forged.headers.get('set-cookie')).toBeNull()
  })

  it('shows the demo and the mailbox, but not in production', async () => {
    const [dev, production] = await Promise.all([
      serve(),
      serve({ NODE_ENV: 'production', DESKBELL_SECRET: SECRET, DATA_DIR: join(dir, 'production') }),
    ])
    for (const path of ['/demo', '/dev/mailbox', '/dev/mailbox.json']) {
      expect((await get(dev.url + path)).status).toBe(200)
      expect((await get(production.url + path)).status).toBe(404)
    }
    expect(production.out()).not.toMatch(/ticket|\/demo|\/dev\/mailbox/)
    expect((await get(production.url)).headers.get('location')).toBe('dashboard')
  })
})

describe('what cannot work', () => {
  /** One line on stderr that says it and no part of a password, nothing else, exit 1 */
  async function fails(args: string[], env: Record<string, string>, text: RegExp): Promise<void> {
    const failed = run(args, env)
    expect(await failed.exit).toBe(1)
    expect(failed.err().trim().split('\n')).toEqual([expect.stringMatching(text)])
    expect(failed.out() + failed.err()).not.toContain('cret@')
    expect(failed.out()).toBe('')
  }

  it('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    await fails(['serve'], { PORT: String(port) }, new RegExp(`^deskbell: Port ${port} is taken`))
    other.close()
  })

  it.each<[Record<string, string>, RegExp]>([
    [{ PORT: 'abc' }, /PORT is not valid/],
    [{ MAIL_URL: 'smtp://me:se/cret@127.0.0.1' }, /MAIL_URL is not valid: write \/ \? # @ : % in a password as %2F/],
    [
      { DATABASE_URL: 'postgres://ada:secret@127.0.0.1:1/x' },
      /database postgres:\/\/127\.0\.0\.1:1\/x cannot be opened/,
    ],
    [{ NODE_ENV: 'production' }, /DESKBELL_SECRET is missing/],
    [{ DATABASE_URL: 'sqlite:/nonexistent/folder/chat.db' }, /database .* cannot be opened/],
    [{ DATA_DIR: '/dev/null/x' }, /DATA_DIR .* cannot be made/],
  ])('serve ends with one line where the settings are %j', (env, text) => fails(['serve'], env, text))

  it('a database that is none', async () => {
    const file = join(dir, 'junk.db')
    writeFileSync(file, 'no database, only text '.repeat(200))
    for (const command of ['serve', 'migrate']) {
      await fails([command], { DATABASE_URL: `sqlite:${file}` }, /database .*junk\.db cannot be opened/)
    }
  })

  it('a token without a person, or with an odd life', async () => {
    await fails(['token'], {}, /needs --sub and --email/)
    await fails(['token', '--sub', 'a', '--email', 'a@b.c', '--expires-in', 'x'], {}, /--expires-in/)
    await fails(['token', '--sub', 'a', '--email', 'a@b.c', '--expires-in', '86401'], {}, /86400 at most/)
    await fails(['token', '--sub', 'a', '--email', 'nobody'], {}, /--email nobody is not an e-mail address/)
    await fails(['token', '--nonsense'], {}, /nonsense/)
  })

  it('serve with a setting as an argument', () =>
    fails(['serve', '--port', '8080'], {}, /serve takes no --port: its settings come from the environment/))
})

describe('the other commands', () => {
  it('token signs for a user, or for staff', async () => {
    const sign = async (...more: string[]) => {
      const { out, exit } = run(['token', '--sub', 'ada', '--email', 'a@b.c', ...more], { DESKBELL_SECRET: SECRET })
      expect(await exit).toBe(0)
      return tokens(SECRET).identify(out().trim(), [AUDIENCE.user, AUDIENCE.admin])
    }
    expect(await sign('--name', 'Ada')).toMatchObject({ id: 'ada', role: 'user', email: 'a@b.c', name: 'Ada' })
    expect(await sign('--admin')).toMatchObject({ role: 'admin' })
    const before = Date.now()
    const short = await sign('--expires-in', '60')
    const signedAt = (short.expiresAt ?? 0) - (60 + LEEWAY) * 1000
    // A token knows whole seconds
    expect(signedAt).toBeGreaterThan(before - 1000)
    expect(signedAt).toBeLessThanOrEqual(Date.now())
  })

  it('migrate makes the database, and may be repeated', async () => {
    for (let i = 0; i < 2; i++) {
      const migrate = run(['migrate'])
      expect(await migrate.exit).toBe(0)
      expect(migrate.out()).toContain('is up to date')
      expect(existsSync(join(dir, 'data', 'deskbell.db'))).toBe(true)
    }
  })

  it('tells how it is used', async () => {
    const [help, short, wrong] = [run(['help']), run(['-h']), run(['constructor'])]
    expect([await help.exit, await short.exit, await wrong.exit]).toEqual([0, 0, 1])
    for (const { out } of [help, short, wrong]) expect(out()).toContain('Usage: deskbell')
    expect(wrong.err()).toContain('There is no command "constructor"')
  })

  it('tells its version', async () => {
    const version = run(['--version'])
    expect(await version.exit).toBe(0)
    expect(version.out()).toBe(`${VERSION}\n`)
  })
})
