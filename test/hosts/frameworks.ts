import { createRequire } from 'node:module'
import { join } from 'node:path'
import { inject } from 'vitest'
import { mustHaveAll } from '../support/databases.ts'
// What it provides is typed there
import type {} from './install.ts'

/** An app in which the servers of test/hosts/package.json are installed, and Deskbell from its tarball */
export const FOLDER = inject('hostApp')

/**
 * Whether a suite can run. @throws Error where it must
 * @param packages where those of `folder` are installed
 */
export function areInstalled(packages: string, folder: string): boolean {
  if (packages) return true
  const missing = `No frameworks for tests: npm ci --ignore-scripts in ${folder}`
  if (mustHaveAll()) throw new Error(missing)
  console.warn(`${missing}. Their suites are skipped.`)
  return false
}

export const isInstalled = areInstalled(FOLDER, import.meta.dirname)

/** A package of that app. @returns what it exports, of which the caller names what it uses */
export const load = <T>(name: string): T => createRequire(join(FOLDER, 'package.json'))(name) as T
