import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

export const CHROMIUM = '/usr/bin/chromium'

/** Runs once before all tests: installs Chromium when it is missing and we may. @throws Error that says what to install */
export function setup(): void {
  if (existsSync(CHROMIUM)) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env })
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-color-emoji'], {
      stdio: 'ignore',
      env,
    })
  } catch {
    throw new Error(`The end-to-end tests need ${CHROMIUM}: apt-get install chromium`)
  }
}
