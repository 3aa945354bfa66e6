// Deskbell beside references of the same job, in alternation on one machine: prints medians and ratios.
// usage: npm run bench -- [scenario=core] [rounds=3] [targets=deskbell,socketio-sqlite,cable-sqlite-batch]
// (deskbell-postgres, socketio-pg and cable-pg-batch need PostgreSQL: ./pg.sh start in the folder below)
// The references and the load driver live in a folder of their own (BENCH_DIR, default ../shared/bench); this copies them to a
// temporary one, installs what they need, and adds Deskbell to what they can measure.
import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { AUDIENCE, tokens } from '../src/server/people/token.ts'

const [scenario = 'core', rounds = '3', targets = 'deskbell,socketio-sqlite,cable-sqlite-batch'] = process.argv.slice(2)
const root = resolve(import.meta.dirname, '..')
const source = process.env['BENCH_DIR'] ?? join(root, '..', 'shared', 'bench')
const bench = join(tmpdir(), 'deskbell-bench-run')
const secret = 'a secret for benchmarks only, 32+ characters'
const USERS = 10_000
const ADMINS = 10

if (!existsSync(source)) {
  console.error(`No load driver at ${source}; set BENCH_DIR`)
  process.exit(1)
}
if (!existsSync(join(bench, 'node_modules'))) {
  cpSync(source, bench, { recursive: true })
  execFileSync('chmod', ['-R', 'u+w', bench])
  // With the machine's own Node, for which the references' native parts are built
  execFileSync('npm', ['ci', '--silent'], { cwd: bench, stdio: 'inherit' })
}
cpSync(join(source, 'targets.mjs'), join(bench, 'targets.mjs'))

const sign = tokens(secret)
const issue = (n: number, admin: boolean): Promise<string> =>
  sign.sign(
    { sub: `bench-${n}`, email: `user${n}@example.com`, name: `User ${n}` },
    admin ? AUDIENCE.admin : AUDIENCE.user,
    86_400,
  )
const list = async (count: number, admin: boolean): Promise<string> =>
  (await Promise.all(Array.from({ length: count }, (_, i) => issue(i + 1, admin)))).join('\n')
writeFileSync(join(bench, 'users.txt'), await list(USERS, false))
writeFileSync(join(bench, 'admins.txt'), await list(ADMINS, true))

const data = join(bench, 'data')
appendFileSync(
  join(bench, 'targets.mjs'),
  `
import { execFileSync as run } from 'node:child_process'
import { rmSync } from 'node:fs'
const deskbell = (settings) => ['${join(root, 'node_modules/.bin/node')}', ['${join(root, 'src/cli/deskbell.ts')}', 'serve'],
  { NODE_ENV: 'production', DATA_DIR: '${data}', DESKBELL_SECRET: '${secret}', RATE_LIMIT: 'off', HOST: '127.0.0.1', ...settings }]
const driven = {
  ready: /"msg":"Started"/,
  driver: ['--adapter', 'actioncable', '--url', 'ws://127.0.0.1:{port}/cable?jid={token}', '--user-header', 'Authorization: Bearer {token}',
    '--user-tokens-file', 'users.txt', '--admin-tokens-file', 'admins.txt', '--chat-id', 'rest', '--rest', 'http://127.0.0.1:{port}'],
}
targets.deskbell = {
  ...driven,
  store: null,
  start() {
    rmSync('${data}', { recursive: true, force: true })
    return deskbell({})
  },
}
targets['deskbell-postgres'] = {
  ...driven,
  store: 'pg',
  start(url) {
    // A database of its own beside the one that the references use
    const own = url.replace(/[^/]*$/, 'deskbell')
    for (const sql of ['DROP DATABASE IF EXISTS deskbell WITH (FORCE)', 'CREATE DATABASE deskbell']) run('psql', [url, '-qc', sql])
    return deskbell({ DATABASE_URL: own, BUS_URL: 'off' })
  },
}
`,
)
rmSync(data, { recursive: true, force: true })
mkdirSync(join(bench, 'results'), { recursive: true })

const args = ['compare.mjs', '--scenario', scenario, '--rounds', rounds, '--targets', targets]
const { stdout } = spawnSync('/usr/bin/env', ['node', ...args], {
  cwd: bench,
  // The references run on the machine's own Node, Deskbell on the one it brings
  env: { ...process.env, PATH: withoutOurNode(process.env['PATH'] ?? '') },
  stdio: ['ignore', 'pipe', 'inherit'],
})
console.log(stdout.toString())
printRatios(stdout.toString())

function withoutOurNode(path: string): string {
  return path
    .split(':')
    .filter((part) => !part.includes('node_modules'))
    .join(':')
}

/** Each figure of ours over that of every other target */
function printRatios(table: string): void {
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    )
  const [names, , ...measured] = rows
  const ours = measured.find(([name]) => name?.startsWith('deskbell'))
  if (!names || !ours) return
  for (const other of measured) {
    if (other === ours) continue
    const ratios = names.flatMap((name, i) => {
      const ratio = Number(ours[i]) / Number(other[i])
      return Number.isFinite(ratio) && i > 0 ? [`${name} ${ratio.toFixed(2)}`] : []
    })
    console.log(`deskbell / ${other[0]}: ${ratios.join(' · ')}`)
  }
}
