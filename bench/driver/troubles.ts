// What went wrong beside lost, doubled and disordered messages, with a few examples.

export const TROUBLES = ['disconnects', 'errors', 'malformed', 'foreign'] as const
export type Trouble = (typeof TROUBLES)[number]

export interface TroubleReport {
  counts: Record<Trouble, number>
  examples: string[]
}

const EXAMPLES = 5

export class Troubles {
  readonly report: TroubleReport = { counts: { disconnects: 0, errors: 0, malformed: 0, foreign: 0 }, examples: [] }

  note(trouble: Trouble, what: string): void {
    this.report.counts[trouble]++
    const { examples } = this.report
    if (examples.length < EXAMPLES) examples.push(`${trouble}: ${what.slice(0, 200)}`)
  }
}
