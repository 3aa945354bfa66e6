// The figures of the write path are published in docs/benchmarks.md; what other pages quote must be the same.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sectionOf, tableCells } from '../../bench/report/sections.ts'

const read = (file: string): string => readFileSync(join(import.meta.dirname, '../..', file), 'utf8')
const [, ...published] = tableCells(sectionOf(read('docs/benchmarks.md'), 'core'))
const figuresOf = (title: string): string[] => published.find(([name]) => name === title)?.slice(1, 3) ?? []

it('gives the README the figures that docs/benchmarks.md publishes', () => {
  const readme = read('README.md')
  const rows = tableCells(readme.slice(readme.indexOf('\n## Figures')))
  const at = rows.findIndex(([, second]) => second === 'messages a second')
  const quoted = rows.slice(at + 1)
  expect(at).toBeGreaterThanOrEqual(0)
  expect(quoted.length).toBeGreaterThanOrEqual(5)
  for (const [title = '', ...figures] of quoted) expect([title, ...figuresOf(title)]).toEqual([title, ...figures])
})

it('gives the sums of docs/scaling.md the same figures', () => {
  const scaling = read('docs/scaling.md')
  const [sqlite = '', sqlitePerCpu = ''] = figuresOf('Deskbell on SQLite')
  const [postgres = ''] = figuresOf('Deskbell on PostgreSQL')
  expect(scaling).toContain(`m: ${sqlitePerCpu} messages per CPU second on SQLite`)
  expect(scaling).toContain(`m: ${sqlite}, same run; ${postgres} with PostgreSQL`)
})
