// What Deskbell is compared with, installed when it is missing: the packages of the references, and servers in Go.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { findProgram } from '../test/support/databases/process.ts'

export function installPackages(): void {
  if (existsSync(join(import.meta.dirname, 'node_modules/socket.io'))) return
  process.stderr.write('Installing what Deskbell is compared with…\n')
  execFileSync('npm', ['ci', '--ignore-scripts', '--silent'], { cwd: import.meta.dirname, stdio: 'inherit' })
}

export interface GoServer {
  name: string
  module: string
  version: string
  /** Of the program, below the module */
  path: string
}

const CACHE = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'deskbell/bench')
/** Packages that are compiled at a time: each takes a core, and memory */
const AT_ONCE = 2

export const goProgram = ({ name, version }: GoServer): string => join(CACHE, `${name}-${version}`, name)

/** Builds the server outside the tree, unless it is there; takes minutes. @returns undefined, or why it cannot be built */
export function installGoServer(server: GoServer): string | undefined {
  const { name, module, version, path } = server
  const program = goProgram(server)
  if (existsSync(program)) return undefined
  const go = findProgram(['go'], ['/usr/local/go/bin'])
  if (go === undefined) return 'Go is not installed, which builds it'
  process.stderr.write(`Building ${name} ${version}…\n`)
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'building-'))
  try {
    writeFileSync(join(folder, 'go.mod'), `module bench\n\ngo 1.24\n\nrequire ${module} ${version}\n`)
    const args = ['-mod=mod', '-buildvcs=false', '-trimpath', `-p=${AT_ONCE}`, '-o', name, module + path]
    execFileSync(go, ['build', ...args], {
      cwd: folder,
      env: { ...process.env, GOFLAGS: '', GOWORK: 'off' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    mkdirSync(dirname(program), { recursive: true })
    renameSync(join(folder, name), program)
    return undefined
  } catch (error) {
    return `it cannot be built: ${(error as Error).message}`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
