// The frameworks that hosts are built with. They are not among the repository's own packages, which stay few: this suite installs them.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'
import { serveBrowser } from '../support/browser.ts'
import { installInEmptyApp } from '../support/packed-app.ts'
import { installLanguages } from './languages.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** An app with the servers of test/hosts/package.json and the packed Deskbell. Empty when they could not be installed */
    hostApp: string
    /** Where the Chromium of this run is */
    browser: string
  }
}

/** Outside of the repository, so that every clone of it finds them */
const KEPT = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'deskbell/hosts')

/**
 * Installs the packages of a folder with a lockfile of its own, once for all runs.
 * @returns where they are; empty when they cannot be installed, as without a network
 */
export async function installed(folder: string): Promise<string> {
  const lock = readFileSync(join(folder, 'package-lock.json'))
  const version = createHash('sha256').update(lock).digest('hex').slice(0, 16)
  const kept = join(KEPT, `${basename(folder)}-${version}`)
  if (existsSync(kept)) return kept
  mkdirSync(KEPT, { recursive: true })
  const made = mkdtempSync(`${kept}.part-`)
  try {
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(folder, file), join(made, file))
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--prefer-offline', '--silent'], { cwd: made })
    renameSync(made, kept)
  } catch {
    // Another run may have been faster
    rmSync(made, { recursive: true, force: true })
  }
  return existsSync(kept) ? kept : ''
}

/** Runs once before all tests of the suite. When it fails, the tests that need it say so */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  installLanguages()
  const browser = await serveBrowser()
  project.provide('browser', browser.wsEndpoint())
  const packages = installed(import.meta.dirname)
  const app = installInEmptyApp()
  if (await packages) app.add(await packages)
  project.provide('hostApp', (await packages) && app.folder)
  return async () => {
    await browser.close()
    app.remove()
  }
}
