// The package as npm packs it, once for all suites: what was packed is kept until a file changes that goes into it.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')
const KEPT = join(ROOT, 'node_modules/.cache/deskbell')
/** What does not go into it */
const OTHERS = /^(test|docs\/(?!\w+(-\w+)*\.md$)|bench|examples|\.)/

/** @returns the tarball. Packed from a copy, since that builds into dist/, from which other tests are served at this moment */
export function packed(): string {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
    .trim()
    .split('\n')
    .filter((file) => !OTHERS.test(file) && existsSync(join(ROOT, file)))
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(ROOT, file)))
  const tarball = join(KEPT, hash.digest('hex').slice(0, 16), 'deskbell.tgz')
  if (existsSync(tarball)) return tarball

  rmSync(KEPT, { recursive: true, force: true })
  mkdirSync(join(tarball, '..'), { recursive: true })
  const copy = mkdtempSync(join(tmpdir(), 'deskbell-source-'))
  try {
    execFileSync('tar', ['cf', join(copy, 'source.tar'), ...files], { cwd: ROOT })
    execFileSync('tar', ['xf', 'source.tar'], { cwd: copy })
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
    execFileSync('npm', ['pack', '--silent'], { cwd: copy, stdio: 'pipe' })
    const made = readdirSync(copy).find((name) => name.endsWith('.tgz')) ?? ''
    // Whole or not at all
    execFileSync('cp', [join(copy, made), `${tarball}.part`])
    renameSync(`${tarball}.part`, tarball)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  return tarball
}
