// Records as a table in Markdown: the median of each figure, what was found wrong, and how noisy it was.
import type { RunRecord } from '../scenarios/run-once.ts'
import { FIGURES, medianOf } from './figures.ts'

export const markdownTable = (rows: string[][]): string =>
  rows
    .toSpliced(1, 0, rows[0]?.map(() => '---') ?? [])
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')

const format = (value: number, digits: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** @param titleOf of a target */
export function tableOf(records: RunRecord[], titleOf: (target: string) => string): string {
  const targets = [...new Set(records.map(({ target }) => target))]
  const shown = FIGURES.filter((figure) => !Number.isNaN(medianOf(figure, records)))
  const head = ['', ...shown.map(({ title }) => title), 'correct', 'others, cores']
  const rows = targets.map((target) => {
    const own = records.filter((record) => record.target === target)
    const noise = own.map((record) => record.noise.toFixed(2)).join(' ')
    return [
      titleOf(target),
      ...shown.map((figure) => format(medianOf(figure, own), figure.digits)),
      verdict(own),
      noise,
    ]
  })
  return markdownTable([head, ...rows])
}

function verdict(records: RunRecord[]): string {
  if (records.some(({ broken }) => broken.length > 0)) return 'NO'
  const echoes = records.flatMap(({ result }) => (result?.kind === 'load' ? [result.echoes] : []))
  const disordered = echoes.reduce((sum, each) => sum + each.disordered, 0)
  const expected = echoes.reduce((sum, each) => sum + each.expected, 0)
  return disordered > 0 ? `${format((disordered / expected) * 100, 2)} % out of order` : 'yes'
}
