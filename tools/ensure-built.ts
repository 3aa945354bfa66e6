// Builds the widget and the dashboard when a source is newer than what was built last. `npm start` and `npm test` call it.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const stamp = join(root, 'dist', '.built')
const SOURCES = ['src/protocol', 'src/client', 'src/ui', 'src/widget', 'src/dashboard']
const FILES = [
  'tools/compress.ts',
  'tools/no-preload.ts',
  'vite.config.ts',
  'vite.dashboard.config.ts',
  'package-lock.json',
]

const modified = (path: string): number => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0

function newest(folder: string): number {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return Math.max(modified(folder), ...names.map((name) => modified(join(folder, name))))
}

const changed = Math.max(...SOURCES.map(newest), ...FILES.map(modified))
if (changed >= modified('dist/.built')) {
  process.stdout.write('Building the widget and the dashboard…\n')
  try {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
  } catch {
    process.exit(1)
  }
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(stamp, '')
}
