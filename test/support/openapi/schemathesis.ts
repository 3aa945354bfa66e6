// Schemathesis, a fuzzer for OpenAPI that others wrote, in an environment of its own outside of the repository.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const VERSION = '4.32.5'
const FOLDER = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'deskbell-tests',
  `schemathesis-${VERSION}`,
)

/**
 * Installs it on first use, which takes a minute.
 * @returns the path of its command; undefined without Python 3.10 or pip, which is said on the console
 * @throws Error under CI, where it must not be missing
 */
export function installSchemathesis(): string | undefined {
  const command = join(FOLDER, 'bin', 'schemathesis')
  const run = (file: string, args: string[]) => execFileSync(file, args, { stdio: 'pipe', encoding: 'utf8' })
  try {
    if (!existsSync(command)) {
      mkdirSync(FOLDER, { recursive: true })
      run('python3', ['-m', 'venv', FOLDER])
      run(join(FOLDER, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', `schemathesis==${VERSION}`])
    }
    run(command, ['--version'])
    return command
  } catch (error) {
    if (process.env['CI']) throw error
    console.log(`SKIPPED: Schemathesis cannot be installed here. ${String(error).slice(0, 300)}`)
    return undefined
  }
}
