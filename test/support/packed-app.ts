// The package as somebody else gets it: packed, and installed in an empty app with what it depends on and nothing else.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { packed } from './packed.ts'

const ROOT = join(import.meta.dirname, '..', '..')

export interface App {
  folder: string
  /** Where Deskbell is in it */
  installed: string
  /** Adds packages of ours to the app, and what they depend on is found beside ours */
  link(...packages: string[]): void
  /** Adds the packages that are installed in a folder, as files: bundlers follow no links out of an app */
  add(from: string): void
  /** Runs a script with Node in the app. @returns what it wrote. @throws Error with that when it fails */
  run(program: string, ...args: string[]): string
  /** Starts a script that goes on */
  start(args: string[], env: Record<string, string>): Running
  remove(): void
}

export interface Running {
  /** @returns false. @throws Error with what it wrote when it has ended */
  failed: () => false
  stop(): Promise<void>
}

/** Starts a program in a folder, with all that it starts. It goes on */
export function startIn(cwd: string, program: string, args: string[], env: Record<string, string>): Running {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe', detached: true })
  let written = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (written += bytes.toString()))
  const ended = once(child, 'exit')
  return {
    failed() {
      if (child.exitCode !== null) throw new Error(`${args.join(' ')} failed:\n${written}`)
      return false
    },
    async stop() {
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL')
      } catch {
        // It has ended
      }
      await ended
    },
  }
}

export function installInEmptyApp(): App {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-host-'))
  const modules = join(folder, 'node_modules')
  const installed = join(modules, 'deskbell')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['xf', packed(), '--strip-components=1'], { cwd: installed })
  // Copies, since what is linked would find our dev dependencies beside it
  for (const path of dependencies()) cpSync(join(ROOT, path), join(folder, path), { recursive: true })
  return {
    folder,
    installed,
    link(...packages) {
      for (const name of packages) {
        mkdirSync(dirname(join(modules, name)), { recursive: true })
        symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
      }
    },
    add(from) {
      // Packages that come with Deskbell go inside it, as npm lays them where an app has another version of one
      const inside = join(installed, 'node_modules')
      if (!existsSync(inside)) {
        mkdirSync(inside)
        for (const name of readdirSync(modules))
          if (name !== 'deskbell') renameSync(join(modules, name), join(inside, name))
      }
      const packages = `${join(from, 'node_modules')}/.`
      try {
        // Hard links, where that is one file system
        execFileSync('cp', ['-aln', packages, modules], { stdio: 'ignore' })
      } catch {
        execFileSync('cp', ['-an', packages, modules], { stdio: 'ignore' })
      }
    },
    run(program, ...args) {
      const options = { cwd: folder, encoding: 'utf8', stdio: 'pipe' } as const
      try {
        return execFileSync(process.execPath, [program, ...args], options)
      } catch (error) {
        const { stdout, stderr } = error as { stdout: string; stderr: string }
        throw new Error(`${args[0]} failed:\n${stdout}\n${stderr}`, { cause: error })
      }
    },
    start: (args, env) => startIn(folder, process.execPath, args, env),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Where the packages are that come with Deskbell, without optional ones, relative to the root */
function dependencies(): string[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: true; devOptional?: true; optional?: true; peer?: true }>
  }
  // Those inside another come with it
  return Object.entries(packages)
    .filter(([path]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path))
    .filter(([, { dev, devOptional, optional, peer }]) => !dev && !devOptional && !optional && !peer)
    .map(([path]) => path)
}
