// The table in docs/operating.md of what each driver costs: `npm run docs:drivers` measures and writes it. Sizes on disk are checked by
// a test; times and memory are one machine's.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')
const DOCUMENT = join(ROOT, 'docs/operating.md')
const BEGIN = '<!-- drivers: npm run docs:drivers -->\n'
const END = '<!-- end of drivers -->'
/** Deskbell as the package has it: loading TypeScript would take longer */
const BUILT = './node_modules/.cache/deskbell'
/** Processes that load a package, of which the median counts */
const RUNS = 7

interface Manifest {
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean }>
}

interface Row {
  use: string
  packages: string[]
  /** The module that is imported when it is used */
  loads: string
}

const own = Object.keys(manifestOf(ROOT).dependencies ?? {})

const ROWS: Row[] = [
  { use: 'always: what comes with Deskbell', packages: own, loads: `${BUILT}/entries/node.js` },
  { use: 'its tables are made or changed', packages: ['kysely'], loads: 'kysely' },
  { use: '`smtpMailer` sends', packages: ['nodemailer'], loads: 'nodemailer' },
  { use: '`sesMailer` sends', packages: ['aws4fetch'], loads: 'aws4fetch' },
  { use: '`postgresStore`, `postgresBus`', packages: ['pg'], loads: 'pg' },
  { use: '`mysqlStore`', packages: ['mysql2'], loads: 'mysql2' },
  { use: '`mongoStore`', packages: ['mongodb'], loads: 'mongodb' },
  { use: '`redisBus`', packages: ['@redis/client'], loads: '@redis/client' },
  { use: 'staff sign in with `OIDC_ISSUER`', packages: ['openid-client'], loads: 'openid-client' },
  { use: '`natsBus`', packages: ['@nats-io/transport-node'], loads: '@nats-io/transport-node' },
]

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** The folders of packages and of everything that npm installs with them */
function installedWith(names: string[], from = ROOT, found = new Set<string>()): Set<string> {
  for (const name of names) {
    const folder = [join(from, 'node_modules', name), join(ROOT, 'node_modules', name)].find(isFolder)
    if (folder === undefined || found.has(folder)) continue
    found.add(folder)
    const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifestOf(folder)
    const peers = Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional)
    installedWith([...Object.keys(dependencies), ...peers], folder, found)
  }
  return found
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** Megabytes of a package's files, without other packages inside it */
function megabytesOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .reduce((sum, entry) => {
      const path = join(folder, entry.name)
      return sum + (entry.isDirectory() ? megabytesOf(path) : statSync(path).size / 1e6)
    }, 0)
}

/** Use → packages that npm installs for it, and their megabytes; a driver without what Deskbell brings anyway */
export function sizesOnDisk(): Map<string, { packages: number; megabytes: number }> {
  const base = installedWith(own)
  return new Map(
    ROWS.map(({ use, packages }) => {
      const isBrought = packages.every((name) => own.includes(name))
      const folders = [...installedWith(packages)].filter((folder) => isBrought || !base.has(folder))
      const megabytes = folders.reduce((sum, folder) => sum + megabytesOf(folder), 0)
      return [use, { packages: folders.length, megabytes }]
    }),
  )
}

/** The part of the document between the marks: use → its cells */
export function tableIn(document: string): Map<string, string[]> {
  const [, table = ''] = document.split(BEGIN)
  const rows = table.split(END, 1)[0]?.trim().split('\n').slice(2) ?? []
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()))
  return new Map(cells.map(([, use = '', ...rest]) => [use, rest.slice(0, -1)]))
}

function loading(module: string): { ms: number; megabytes: number } {
  const script = `
    const before = process.memoryUsage.rss()
    const began = performance.now()
    await import(${JSON.stringify(module)})
    const ms = performance.now() - began
    console.log(JSON.stringify({ ms, megabytes: (process.memoryUsage.rss() - before) / 1e6 }))`
  const run = () =>
    JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '--no-warnings', '-e', script], {
        cwd: ROOT,
        encoding: 'utf8',
      }),
    ) as { ms: number; megabytes: number }
  const runs = Array.from({ length: RUNS }, run)
  const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[RUNS >> 1] ?? 0
  return { ms: median(runs.map(({ ms }) => ms)), megabytes: median(runs.map(({ megabytes }) => megabytes)) }
}

function measuredTable(): string {
  const sizes = sizesOnDisk()
  const rows = ROWS.map(({ use, packages, loads }) => {
    const { packages: count = 0, megabytes = 0 } = sizes.get(use) ?? {}
    const cost = loading(loads)
    const name = packages.length === 1 ? `\`${packages[0]}\`` : ''
    const figures = [count, megabytes.toFixed(1), Math.round(cost.ms), cost.megabytes.toFixed(0)]
    return `| ${use} | ${name} | ${figures.join(' | ')} |`
  })
  return [
    '| when | package | packages on disk | MB on disk | ms to load | MB of memory |',
    '|---|---|---|---|---|---|',
    ...rows,
  ]
    .join('\n')
    .concat('\n')
}

if (import.meta.main) {
  const tsc = [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', BUILT]
  execFileSync(process.execPath, tsc, { cwd: ROOT, stdio: 'inherit' })
  const [before, rest = ''] = readFileSync(DOCUMENT, 'utf8').split(BEGIN)
  writeFileSync(DOCUMENT, `${before}${BEGIN}\n${measuredTable()}\n${END}${rest.split(END)[1] ?? ''}`)
}
