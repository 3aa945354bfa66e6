// Deskbell's figures over those of the others in the same run.
import type { RunRecord } from '../scenarios/run-once.ts'
import { targetNamed } from '../targets/targets.ts'
import { figureNamed, FIGURES, medianOf } from './figures.ts'
import { markdownTable } from './table.ts'

export interface Comparison {
  of: string
  to: string
  /** By the name of the figure */
  ratios: Record<string, number>
}

/** What is on one kind of database with each other, and with those that have none */
export function comparisonsOf(records: RunRecord[]): Comparison[] {
  const targets = [...new Set(records.map(({ target }) => target))].map(targetNamed)
  const ours = targets.filter(({ isDeskbell }) => isDeskbell)
  return ours.flatMap((of) =>
    targets
      .filter(({ isDeskbell, database }) => !isDeskbell && (database === of.database || database === 'none'))
      .map((to) => ({ of: of.name, to: to.name, ratios: ratiosOf(records, of.name, to.name) })),
  )
}

function ratiosOf(records: RunRecord[], of: string, to: string): Record<string, number> {
  const all = FIGURES.map(({ name }): [string, number] => [name, ratioOf(records, of, to, name)])
  return Object.fromEntries(all.filter(([, ratio]) => Number.isFinite(ratio)))
}

/** Of medians; NaN where one of them was not measured */
export function ratioOf(records: RunRecord[], of: string, to: string, figureName: string): number {
  const figure = figureNamed(figureName)
  const median = (target: string): number =>
    medianOf(
      figure,
      records.filter((record) => record.target === target),
    )
  return median(of) / median(to)
}

export function comparisonTable(comparisons: Comparison[]): string {
  const shown = FIGURES.filter(
    ({ name, better }) => better !== undefined && comparisons.some(({ ratios }) => ratios[name] !== undefined),
  )
  const rows = comparisons.map(({ of, to, ratios }) => [
    `${of} / ${to}`,
    ...shown.map(({ name }) => ratios[name]?.toFixed(2) ?? ''),
  ])
  return markdownTable([['ratio of medians', ...shown.map(({ title }) => title)], ...rows])
}
