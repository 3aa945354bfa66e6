// better-sqlite3, as a host may have it. It is not among the repository's own packages: its binary comes with it, but `npm ci` would
// run node-gyp all the same, and with it make, Python and a download. So tests install it by themselves, without scripts.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const FOLDER = join(import.meta.dirname, 'better-sqlite3')

export const isInstalled = (): boolean => existsSync(join(FOLDER, 'node_modules/better-sqlite3'))

/** Runs once before all tests. When it fails, the tests that need it say so */
export function setup(): void {
  if (isInstalled()) return
  try {
    execFileSync('npm', ['ci', '--ignore-scripts', '--silent'], { cwd: FOLDER, stdio: 'ignore' })
  } catch {
    // No network
  }
}
