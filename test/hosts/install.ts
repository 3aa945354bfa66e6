// The frameworks that hosts are built with. They are not among the repository's own packages, which stay few: tests install them.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const FOLDER = import.meta.dirname
/** Next.js, apart because it is large */
export const NEXT = join(FOLDER, 'next')

const lacks = (folder: string): boolean => !existsSync(join(folder, 'node_modules/.package-lock.json'))

export const isInstalled = (): boolean => !lacks(FOLDER) && !lacks(NEXT)

/** Runs once before all tests. When it fails, the tests that need it say so */
export async function setup(): Promise<void> {
  const install = (cwd: string) => promisify(execFile)('npm', ['ci', '--ignore-scripts', '--silent'], { cwd })
  // Without a network they fail
  await Promise.allSettled([FOLDER, NEXT].filter(lacks).map(install))
}

/** A package of test/hosts/package.json. @returns what it exports, of which the caller names what it uses */
export const load = <T>(name: string): T => createRequire(join(FOLDER, 'package.json'))(name) as T
