// A run that is broken off leaves nothing behind: each server's folder names the process that owns it. That one ends its servers when
// it is told to end; what it could not, because it was killed, is swept at the start of the next run.
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const OWNER = 'owner.pid'
const SERVER = 'server.pid'
/** What a terminal sends that is closed, Ctrl-C, and whoever ends processes in order */
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const
/** How long a server may take to be gone once it was killed (ms) */
const GONE = 5_000

/** Files here are in memory, on Linux */
export const IN_MEMORY = '/dev/shm'
/** Where folders of servers are */
export const PARENTS = [tmpdir(), IN_MEMORY]

/** What this process owns: folders, and how to kill what runs in them */
const owned = new Map<string, () => void>()

export function own(dir: string): void {
  if (owned.size === 0) listen('on')
  owned.set(dir, () => undefined)
  writeFileSync(join(dir, OWNER), `${process.pid}`)
}

/** @param kill asked at the end, when the server may be another process than it is now */
export function ownServer(dir: string, pid: number, kill: () => void): void {
  owned.set(dir, kill)
  writeFileSync(join(dir, SERVER), `${pid}`)
}

/** Removes the folder of a server that has ended */
export function disown(dir: string): void {
  remove(dir)
  owned.delete(dir)
  if (owned.size === 0) listen('off')
}

function listen(how: 'on' | 'off'): void {
  process[how]('exit', endAll)
  // The process that vitest runs in is gone: nobody waits for the tests of this one
  process[how]('disconnect', endAll)
  for (const signal of SIGNALS) process[how](signal, endBy)
}

function endBy(signal: NodeJS.Signals): void {
  endAll()
  // Somebody who listens too decides what comes of it; otherwise it ends the process, as if nobody had listened
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}

function endAll(): void {
  listen('off')
  for (const kill of owned.values()) kill()
  for (const dir of owned.keys()) remove(dir)
  owned.clear()
}

/** The owner's name goes last: whoever is killed amid this leaves a folder that is still known to be theirs */
function remove(dir: string): void {
  const all = { recursive: true, force: true, maxRetries: 5 }
  if (!existsSync(dir)) return
  for (const name of readdirSync(dir)) if (name !== OWNER) rmSync(join(dir, name), all)
  rmSync(dir, all)
}

/** Ends the servers of processes that are gone, and removes their folders */
export async function sweep(): Promise<void> {
  const parents = PARENTS.filter((parent) => existsSync(parent))
  const folders = parents.flatMap((parent) => readdirSync(parent).map((name) => ({ name, path: join(parent, name) })))
  await Promise.all(folders.filter(({ name }) => name.startsWith('deskbell-')).map(({ path }) => sweepFolder(path)))
}

async function sweepFolder(dir: string): Promise<void> {
  const owner = pidIn(join(dir, OWNER))
  if (owner === undefined || isAlive(owner)) return
  const server = pidIn(join(dir, SERVER))
  if (server !== undefined && runsIn(server, dir)) {
    process.kill(server, 'SIGKILL')
    for (const end = Date.now() + GONE; runsIn(server, dir) && Date.now() < end;)
      await new Promise((resolve) => setTimeout(resolve, 20))
  }
  remove(dir)
}

function pidIn(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Numbers are given out again: it is the server of this folder if its command names it, or, as Redis hides that, it works there */
function runsIn(pid: number, dir: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${dir}/`) || readlinkSync(`/proc/${pid}/cwd`) === dir
  } catch {
    return false
  }
}
