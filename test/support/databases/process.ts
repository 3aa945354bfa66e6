// Programs that the database servers of tests are made of: found, run as their own user, and ended by their process id.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { disown, IN_MEMORY, own, ownServer } from './ownership.ts'

export const isRoot = process.getuid?.() === 0

/** The first of these programs that is on the machine; `folders` are looked at before PATH */
export function findProgram(names: string[], folders: string[] = []): string | undefined {
  const places = [...folders, ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return names.flatMap((name) => places.map((place) => join(place, name))).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Folders of a folder, none when it is not there */
export function foldersOf(path: string): string[] {
  try {
    return readdirSync(path).map((name) => join(path, name))
  } catch {
    return []
  }
}

/** True when they are there afterwards; only root may */
export function aptInstall(...names: string[]): boolean {
  if (!isRoot) return false
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=120', '-qq']
  try {
    execFileSync('apt-get', ['update', ...wait], { stdio: 'ignore', env })
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...wait, ...names], { stdio: 'ignore', env })
    return true
  } catch {
    return false
  }
}

export interface User {
  uid: number
  gid: number
}

/** Whom a server runs as: servers refuse to run as root, and anybody else can only be themselves */
export function userNamed(name: string): User | undefined {
  if (!isRoot) return undefined
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** A new folder. @param parent one of `PARENTS` */
export function temporaryFolder(name: string, owner: User | undefined, parent = tmpdir()): string {
  const dir = mkdtempSync(join(parent, `deskbell-${name}-`))
  own(dir)
  if (owner) chownSync(dir, owner.uid, owner.gid)
  return dir
}

/** Bytes that a server of tests may fill */
const ROOM = 2 ** 31

/** Where files never wait for a disk, if there is such a place with room; else where all temporary files are */
export function quickPlace(): string {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY)
    return bavail * bsize >= ROOM ? IN_MEMORY : tmpdir()
  } catch {
    return tmpdir()
  }
}

/** A database server of one's own */
export interface DatabaseServer {
  /** Of its administrative database */
  readonly url: string
  /** Asks it to stop, or kills it, and waits until it is gone; the data stays */
  halt(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again, on the same port and data */
  start(): Promise<void>
  /** Ends it and removes its data */
  remove(): Promise<void>
}

export interface ServerProgram {
  command: string
  args: string[]
  dir: string
  user: User | undefined
  url: string
  /** How it is asked to stop at once and in order */
  stopSignal: NodeJS.Signals
  /** Rejects until it answers */
  ping: () => Promise<void>
}

/** On a machine on which much else is done, too (ms) */
const START_TIME = 240_000
/** How long a connection of a test's own may take (ms) */
export const CONNECT_TIME = 60_000

export async function runServer(program: ServerProgram): Promise<DatabaseServer> {
  let child: ChildProcess | undefined
  const kill = (): void => {
    const running = child
    child = undefined
    running?.kill('SIGKILL')
  }

  async function start(): Promise<void> {
    let said = ''
    let isUp = false
    const started = spawn(program.command, program.args, {
      ...program.user,
      cwd: program.dir,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const hear = (chunk: Buffer): void => void (said = (said + chunk.toString()).slice(-4_000))
    started.stdout.on('data', hear)
    started.stderr.on('data', hear)
    child = started
    if (started.pid !== undefined) ownServer(program.dir, started.pid, kill)
    // Debian's MariaDB 10.11 was seen to crash by itself (a null pointer of its own) on a busy machine: as a supervisor would
    started.once('exit', () => {
      if (child === started && isUp) void start().catch(() => undefined)
    })
    const end = Date.now() + START_TIME
    for (;;) {
      if (started.exitCode !== null) throw new Error(`${program.command} ended: ${said}`)
      try {
        await program.ping()
        isUp = true
        return
      } catch (error) {
        if (Date.now() > end) throw new Error(`${program.command} does not answer: ${said}`, { cause: error })
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }
  async function halt(signal: NodeJS.Signals = program.stopSignal): Promise<void> {
    const running = child
    child = undefined
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    // With the processes that it started, which hold its output: one of them could answer once more
    const gone = once(running, 'close')
    running.kill(signal)
    await gone
  }

  await start()
  return {
    url: program.url,
    async start() {
      // A killed PostgreSQL does not start before its children have noticed
      for (let tries = 20; ; tries--) {
        try {
          return await start()
        } catch (error) {
          if (tries === 0) throw error
          await new Promise((resolve) => setTimeout(resolve, 200))
        }
      }
    },
    halt,
    async remove() {
      await halt()
      disown(program.dir)
    },
  }
}
