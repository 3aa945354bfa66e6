// Ruby and PHP with their frameworks, as Debian has them.
import { existsSync } from 'node:fs'
import { mustHaveAll } from '../support/databases.ts'
import { aptInstall, findProgram } from '../support/databases/process.ts'

const FRAMEWORKS = {
  rails: {
    isHere: () => Boolean(findProgram(['rails']) && findProgram(['puma'])) && existsSync('/usr/share/doc/ruby-jwt'),
    packages: ['ruby-rails', 'puma', 'ruby-jwt'],
  },
  laravel: {
    isHere: () => Boolean(findProgram(['php'])) && existsSync('/usr/share/php/Illuminate/Foundation'),
    packages: ['php-cli', 'php-laravel-framework'],
  },
}

/** Runs once before all tests of the suite, since packages are installed one after the other */
export function installLanguages(): void {
  const missing = Object.values(FRAMEWORKS).filter(({ isHere }) => !isHere())
  if (missing.length > 0) aptInstall(...missing.flatMap(({ packages }) => packages))
}

/** Whether a suite can run. @throws Error where it must */
export function canRun(framework: keyof typeof FRAMEWORKS): boolean {
  const { isHere, packages } = FRAMEWORKS[framework]
  if (isHere()) return true
  const missing = `No ${framework} for tests: apt-get install ${packages.join(' ')}`
  if (mustHaveAll()) throw new Error(missing)
  console.warn(`${missing}. Its suite is skipped.`)
  return false
}
