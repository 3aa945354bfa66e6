// Documentation names files, and files move.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { cwd: ROOT, encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((page) => existsSync(join(ROOT, page)))
const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8')

/** `[text](target)`, but for other sites */
const links = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '').filter((target) => !/^[a-z]+:/.test(target))

/** Paths from the root of the repository, in backticks */
const paths = (text: string): string[] =>
  [...text.matchAll(/`((?:src|test|tools|bench|docs)\/[\w./-]+)`/g)].map(([, path]) => path ?? '')

/** As GitHub makes it of a heading */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .replaceAll(' ', '-')
const anchors = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading ?? ''))

function isBroken(page: string, target: string): boolean {
  const [path = '', hash] = target.split('#')
  const file = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(ROOT, file))) return true
  return hash !== undefined && file.endsWith('.md') && !anchors(file).includes(hash)
}

it('Every relative link of the documentation leads to a file, and to a heading in it', () => {
  const broken = pages.flatMap((page) =>
    links(read(page))
      .filter((target) => isBroken(page, target))
      .map((target) => `${page}: ${target}`),
  )
  expect(broken).toEqual([])
})

it('Every file that the documentation names exists', () => {
  const missing = pages.flatMap((page) =>
    paths(read(page))
      .filter((path) => !path.includes('node_modules') && !existsSync(join(ROOT, path)))
      .map((path) => `${page}: ${path}`),
  )
  expect(missing).toEqual([])
})

it('A link to a heading or file that is not there is found', () => {
  expect(isBroken('README.md', 'docs/operating.md#search')).toBe(false)
  expect(isBroken('README.md', 'docs/operating.md#no-such-heading')).toBe(true)
  expect(isBroken('README.md', 'docs/no-such-page.md')).toBe(true)
})
