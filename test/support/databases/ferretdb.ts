// FerretDB, built from test/support/ferretdb, which says why it is patched. The first build on a machine takes minutes, so it happens
// before the tests (install-servers.ts).
import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram } from './process.ts'

const SOURCES = join(import.meta.dirname, '../ferretdb')
const FILES = ['go.mod', 'go.sum', 'main.go', 'ferretdb.patch']
const CACHE = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'deskbell/ferretdb')
const PATCHED = 'vendor/github.com/FerretDB/FerretDB'
/** Compiling SQLite, which is most of it, takes much memory: no more packages than this at a time */
const AT_ONCE = 2
const LIMIT = 30 * 60_000

const go = (): string | undefined => findProgram(['go'], ['/usr/local/go/bin'])

/** Undefined without Go. The program is there once it was built */
export function ferretdbProgram(): string | undefined {
  const command = go()
  if (command === undefined) return undefined
  const inputs = createHash('sha256').update(execFileSync(command, ['version']))
  for (const name of FILES) inputs.update(readFileSync(join(SOURCES, name)))
  return join(CACHE, inputs.digest('hex').slice(0, 16), 'ferretdb')
}

/** Builds it where Go is on the machine, unless it is there. @returns the program; undefined, and said, where it cannot be built */
export async function buildFerretdb(): Promise<string | undefined> {
  const program = ferretdbProgram()
  const command = go()
  if (program === undefined || command === undefined || existsSync(program)) return program
  mkdirSync(CACHE, { recursive: true })
  // Others may build it at the same time: whoever ends first lays it there, whole
  const folder = mkdtempSync(join(CACHE, 'building-'))
  const run = (name: string, ...args: string[]): Promise<unknown> =>
    promisify(execFile)(name, args, {
      cwd: folder,
      timeout: LIMIT,
      // A repository around the cache is not meant
      env: { ...process.env, GOFLAGS: '', GOWORK: 'off', GIT_CEILING_DIRECTORIES: CACHE },
    })
  try {
    for (const name of FILES) cpSync(join(SOURCES, name), join(folder, name))
    await run(command, 'mod', 'vendor')
    await run('git', 'apply', `--directory=${PATCHED}`, 'ferretdb.patch')
    await run(command, 'build', '-mod=vendor', '-buildvcs=false', '-trimpath', `-p=${AT_ONCE}`, '-o', 'ferretdb', '.')
    mkdirSync(dirname(program), { recursive: true })
    renameSync(join(folder, 'ferretdb'), program)
    return program
  } catch (error) {
    console.warn(`FerretDB cannot be built: ${(error as Error).message}`)
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
