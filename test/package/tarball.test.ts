// What a user of the package gets: packs it, unpacks it elsewhere, and lets a host import it.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const copy = mkdtempSync(join(tmpdir(), 'deskbell-source-'))
const host = mkdtempSync(join(tmpdir(), 'deskbell-host-'))
const installed = join(host, 'node_modules', 'deskbell')

beforeAll(() => {
  // From a copy, since packing builds into dist/, from which other tests are served at this moment
  const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n')
  execFileSync('tar', ['cf', join(copy, 'source.tar'), ...tracked], { cwd: root })
  execFileSync('tar', ['xf', 'source.tar'], { cwd: copy })
  rmSync(join(copy, 'source.tar'))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  execFileSync('npm', ['pack', '--silent', '--pack-destination', host], { cwd: copy, stdio: 'pipe' })
  const tarball = readdirSync(host).find((name) => name.endsWith('.tgz')) ?? ''
  execFileSync('tar', ['xf', tarball], { cwd: host })
  // A host has our dependencies beside us, and none of our dev dependencies
  mkdirSync(join(host, 'node_modules'))
  execFileSync('mv', ['package', installed], { cwd: host })
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(host, 'node_modules', name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(host, 'node_modules', name))
  }
}, 120_000)

afterAll(() => {
  rmSync(copy, { recursive: true, force: true })
  rmSync(host, { recursive: true, force: true })
})

const inHost = (script: string): string => {
  writeFileSync(join(host, 'host.mjs'), script)
  return execFileSync(process.execPath, ['host.mjs'], { cwd: host, encoding: 'utf8' })
}

it('mounts in a host’s server, chat and pages included', () => {
  const output = inHost(`
    import { createServer } from 'node:http'
    import { createDeskbell, mailboxMailer, sqliteStore } from 'deskbell'
    const store = await sqliteStore(':memory:')
    const deskbell = createDeskbell({
      store, mailer: mailboxMailer(store), secret: 'x'.repeat(32), publicUrl: 'http://localhost', basePath: '/support',
      authenticate: async (request) => request.headers.get('cookie') === 'who=ada'
        ? { id: 'ada', role: 'user', email: 'ada@example.com', name: 'Ada', expires_at: null } : null,
    })
    const server = createServer(deskbell.listener).on('upgrade', deskbell.upgrade).listen(0)
    const url = 'http://localhost:' + server.address().port + '/support'
    const get = async (path, init) => (await fetch(url + path, init)).status
    const headers = { cookie: 'who=ada', 'content-type': 'application/json' }
    console.log(JSON.stringify([
      await get('/support_chat'),
      await get('/support_chat/messages', { method: 'POST', headers, body: JSON.stringify({ content: 'hi' }) }),
      await get('/widget.js'), await get('/dashboard'),
    ]))
    await deskbell.close(); server.closeAllConnections(); server.close(); await store.close()
  `)
  expect(JSON.parse(output)).toEqual([401, 201, 200, 200])
})

it('has a command that starts it', () => {
  const bin = join(installed, 'dist', 'cli', 'deskbell.js')
  expect(execFileSync(process.execPath, [bin, 'help'], { encoding: 'utf8' })).toContain('serve')
})

it('has a client that runs without a server’s code', () => {
  expect(inHost(`console.log(Object.keys(await import('deskbell/client')).sort().join())`)).toContain(
    'Conversation,connect',
  )
  const client = readdirSync(join(installed, 'dist', 'client')).map((name) =>
    readFileSync(join(installed, 'dist', 'client', name), 'utf8'),
  )
  expect(client.filter((code) => /from '(node:|\.\.\/server)/.test(code))).toEqual([])
})

it('ships neither tests nor sources', () => {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' })
  expect(files.filter((name) => /\.test\.|(^|\/)src\/|testing|\.tsx?$/.test(name) && !name.endsWith('.d.ts'))).toEqual(
    [],
  )
  expect(files).toContain('README.md')
})
