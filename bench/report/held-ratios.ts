// The ratios that docs/benchmarks.md publishes, and that a change may not make worse. The table there is their only source: it says which
// there are, and how large they were.
import type { RunRecord } from '../scenarios/run-once.ts'
import { figureNamed } from './figures.ts'
import { ratioOf } from './ratios.ts'
import { sectionOf, tableCells, withSection } from './sections.ts'
import { markdownTable } from './table.ts'

export interface HeldRatio {
  scenario: string
  figure: string
  of: string
  to: string
  /** As published; NaN where it has not been measured yet */
  ratio: number
}

const SECTION = 'ratios'
const HEAD = ['scenario', 'figure', 'of', 'to', 'ratio', 'better']
const UNMEASURED = '–'
/** A ratio may be worse by this share */
const TOLERANCE = 0.2

/** @throws Error for a table that cannot be read: nothing is left out in silence */
export function readHeldRatios(markdown: string): HeldRatio[] {
  const [head = [], ...rows] = tableCells(sectionOf(markdown, SECTION))
  if (head.join() !== HEAD.join()) throw new Error(`The table of ratios has the columns ${head.join(', ')}`)
  if (rows.length === 0) throw new Error('The table of ratios is empty')
  return rows.map(([scenario = '', figure = '', of = '', to = '', text = '', better = '']) => {
    if (figureNamed(figure).better !== better) throw new Error(`${figure} is not better when it is ${better}`)
    const ratio = text === UNMEASURED ? NaN : Number(text)
    if (text !== UNMEASURED && !(ratio > 0)) throw new Error(`${text} is no ratio`)
    return { scenario, figure, of, to, ratio }
  })
}

export function withHeldRatios(markdown: string, ratios: HeldRatio[]): string {
  const rows = ratios.map(({ scenario, figure, of, to, ratio }) => [
    scenario,
    figure,
    of,
    to,
    Number.isNaN(ratio) ? UNMEASURED : ratio.toFixed(2),
    figureNamed(figure).better ?? '',
  ])
  return withSection(markdown, SECTION, markdownTable([HEAD, ...rows]))
}

/** NaN where the records do not have it */
export const measuredRatio = ({ scenario, figure, of, to }: HeldRatio, records: RunRecord[]): number =>
  ratioOf(
    records.filter((record) => record.scenario === scenario),
    of,
    to,
    figure,
  )

/** Worse than published by more than a fifth; false where one of the two was not measured */
export function isWorse({ figure, ratio }: HeldRatio, measured: number): boolean {
  return figureNamed(figure).better === 'higher'
    ? measured < ratio * (1 - TOLERANCE)
    : measured > ratio * (1 + TOLERANCE)
}
