// The packages of the references, installed when they are missing.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export function installPackages(): void {
  if (existsSync(join(import.meta.dirname, 'node_modules/socket.io'))) return
  process.stderr.write('Installing what Deskbell is compared with…\n')
  execFileSync('npm', ['ci', '--ignore-scripts', '--silent'], { cwd: import.meta.dirname, stdio: 'inherit' })
}
