import { existsSync } from 'node:fs'
import { aptInstall } from './databases/process.ts'

/** Debian's Chromium without the windows of a browser: the same engine, in which a page takes a third of the processor's time */
const HEADLESS = '/usr/bin/chromium-headless-shell'
/** For what the other does not have: the desktop's notifications */
export const WHOLE = '/usr/bin/chromium'
/** Packages of Debian */
export const BROWSER = ['chromium-headless-shell', 'chromium', 'fonts-noto-color-emoji']

export const hasBrowser = (): boolean => [HEADLESS, WHOLE].every((path) => existsSync(path))

/** The whole browser will do where the other cannot be installed. @throws Error that says what to install */
export function browserProgram(): string {
  const program = [HEADLESS, WHOLE].find((path) => existsSync(path))
  if (program === undefined)
    throw new Error(`The end-to-end tests need a browser: apt-get install ${BROWSER.join(' ')}`)
  return program
}

/** Runs once before all tests: installs the browser when it is missing and we may. @throws Error that says what to install */
export function setup(): void {
  if (!hasBrowser()) aptInstall(...BROWSER)
  browserProgram()
}
