// Programs from PyPI, each in an environment of its own outside of the repository.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'deskbell-tests')

/**
 * Installs a program on first use.
 * @param packages as pip takes them, with their versions
 * @returns the folder of its commands; undefined where it cannot be installed, which is said on the console
 * @throws Error under CI, where it must not be missing
 */
export function pythonPrograms(name: string, version: string, packages: readonly string[]): string | undefined {
  const folder = join(CACHE, `${name}-${version}`)
  const complete = join(folder, '.complete')
  const run = (file: string, args: string[]) => execFileSync(file, args, { stdio: 'pipe', encoding: 'utf8' })
  try {
    if (!existsSync(complete)) {
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(dirname(folder), { recursive: true })
      run('python3', ['-m', 'venv', folder])
      run(join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages])
      // An installation that was interrupted lacks it
      mkdirSync(complete)
    }
    return join(folder, 'bin')
  } catch (error) {
    if (process.env['CI']) throw error
    console.log(`SKIPPED: ${name} cannot be installed here. ${String(error).slice(0, 300)}`)
    return undefined
  }
}
