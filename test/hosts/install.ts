// The frameworks that hosts are built with. They are not among the repository's own packages, which stay few: tests install them.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

export const FOLDER = import.meta.dirname

export const isInstalled = (): boolean => existsSync(join(FOLDER, 'node_modules/.package-lock.json'))

/** Runs once before all tests. When it fails, the tests that need it say so */
export function setup(): void {
  if (isInstalled()) return
  try {
    execFileSync('npm', ['ci', '--ignore-scripts', '--silent'], { cwd: FOLDER, stdio: 'ignore' })
  } catch {
    // No network
  }
}

/** A package of test/hosts/package.json. @returns what it exports, of which the caller names what it uses */
export const load = <T>(name: string): T => createRequire(join(FOLDER, 'package.json'))(name) as T
