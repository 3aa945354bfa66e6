// The frameworks that hosts are built with. They are not among the repository's own packages, which stay few: this suite installs them.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'
import { installInEmptyApp } from '../support/packed-app.ts'
import { installLanguages } from './languages.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** An app with the servers of test/hosts/package.json and the packed Deskbell. Empty when they could not be installed */
    hostApp: string
  }
}

/** Installs the packages of a folder with a lockfile of its own. @returns whether they are there: without a network they are not */
export async function installed(folder: string): Promise<boolean> {
  const there = join(folder, 'node_modules/.package-lock.json')
  if (!existsSync(there)) {
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--silent'], { cwd: folder }).catch(() => undefined)
  }
  return existsSync(there)
}

/** Runs once before all tests of the suite. When it fails, the tests that need it say so */
export async function setup(project: TestProject): Promise<() => void> {
  installLanguages()
  const areThere = installed(import.meta.dirname)
  const app = installInEmptyApp()
  if (await areThere) app.add(import.meta.dirname)
  project.provide('hostApp', (await areThere) ? app.folder : '')
  return () => app.remove()
}
