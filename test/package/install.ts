// The package as somebody else gets it: packed, and installed in an empty app with what it depends on and nothing else.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { FOLDER as HOSTS, NEXT } from '../hosts/install.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const HOST = join(import.meta.dirname, 'host')

export interface App {
  /** The app's folder, which begins as a copy of `test/package/host` */
  folder: string
  /** Where Deskbell is in it */
  installed: string
  /** Adds packages of ours to the app, and what they depend on is found beside ours */
  link(...packages: string[]): void
  /** The same with packages of test/hosts */
  linkHosts(...packages: string[]): void
  /** Adds Next.js, as files: its bundler follows no links out of the app */
  addNext(): void
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

export function installInEmptyApp(): App {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-host-'))
  const modules = join(folder, 'node_modules')
  const installed = join(modules, 'deskbell')
  mkdirSync(modules)
  execFileSync('tar', ['xf', pack(folder)], { cwd: folder })
  execFileSync('mv', ['package', installed], { cwd: folder })
  // Copies, since what is linked would find our dev dependencies beside it
  for (const path of dependencies()) cpSync(join(ROOT, path), join(folder, path), { recursive: true })
  // Its tsconfig.json is for the repository, where `deskbell` is what src/entries has
  cpSync(HOST, folder, { recursive: true, filter: (file) => file !== join(HOST, 'tsconfig.json') })
  function link(from: string, packages: string[]): void {
    for (const name of packages) {
      mkdirSync(dirname(join(modules, name)), { recursive: true })
      // Some of them come with Deskbell
      if (!existsSync(join(modules, name))) symlinkSync(join(from, 'node_modules', name), join(modules, name))
    }
  }
  return {
    folder,
    installed,
    link: (...packages) => link(ROOT, packages),
    linkHosts: (...packages) => link(HOSTS, packages),
    addNext() {
      const from = `${join(NEXT, 'node_modules')}/.`
      try {
        // Hard links, where that is one file system
        execFileSync('cp', ['-al', from, modules], { stdio: 'ignore' })
      } catch {
        execFileSync('cp', ['-an', from, modules], { stdio: 'ignore' })
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
    start(args, env) {
      const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...env }, stdio: 'pipe' })
      let written = ''
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (bytes: Buffer) => (written += bytes.toString()))
      const ended = once(child, 'exit')
      return {
        failed() {
          if (child.exitCode !== null) throw new Error(`${args.join(' ')} failed:\n${written}`)
          return false
        },
        async stop() {
          child.kill('SIGKILL')
          await ended
        },
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** @returns the tarball. From a copy, since packing builds into dist/, from which other tests are served at this moment */
function pack(destination: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'deskbell-source-'))
  try {
    const ours = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
    execFileSync('tar', ['cf', join(copy, 'source.tar'), ...ours.trim().split('\n')], { cwd: ROOT })
    execFileSync('tar', ['xf', 'source.tar'], { cwd: copy })
    rmSync(join(copy, 'source.tar'))
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
    execFileSync('npm', ['pack', '--silent', '--pack-destination', destination], { cwd: copy, stdio: 'pipe' })
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  return readdirSync(destination).find((name) => name.endsWith('.tgz')) ?? ''
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
