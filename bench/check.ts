// Is Deskbell still as fast as docs/benchmarks.md says? npm run bench:check
// Measures the ratios published there in a short run. One that is worse by more than a fifth is measured again, longer; if it is still
// worse, this fails. So does any run that is not correct. Takes about 15 minutes; nothing else should keep the machine busy.
import { installPackages } from './install.ts'
import { isWorse, measuredRatio, readHeldRatios, type HeldRatio } from './report/held-ratios.ts'
import { readPublication } from './report/publication.ts'
import { markdownTable } from './report/table.ts'
import { available } from './scenarios/available.ts'
import { compare } from './scenarios/compare.ts'
import { Laboratory } from './scenarios/laboratory.ts'
import type { RunRecord } from './scenarios/run-once.ts'
import { brief, scenarioNamed } from './scenarios/scenario.ts'

const ROUNDS = 3
const ROUNDS_AGAIN = 5

installPackages()
const held = readHeldRatios(readPublication())
const laboratory = new Laboratory()
const broken: string[] = []
try {
  const published = held.filter(({ ratio }) => !Number.isNaN(ratio))
  const records = await measure(published, ROUNDS)
  const suspects = held.filter((ratio) => isWorse(ratio, measuredRatio(ratio, records)))
  if (suspects.length > 0) process.stderr.write(`${suspects.length} ratios are worse than published; again, longer\n`)
  const again = suspects.length > 0 ? await measure(suspects, ROUNDS_AGAIN) : []
  const worse = suspects.filter((ratio) => isWorse(ratio, measuredRatio(ratio, again)))
  console.log(reportOf(records, again, worse))
  for (const promise of broken) console.log(`Not correct: ${promise}`)
  process.exitCode = worse.length > 0 || broken.length > 0 ? 1 : 0
} finally {
  await laboratory.close()
}

/** Runs what these ratios need and no more */
async function measure(ratios: HeldRatio[], rounds: number): Promise<RunRecord[]> {
  const records: RunRecord[] = []
  for (const name of new Set(ratios.map(({ scenario }) => scenario))) {
    const needed = ratios.filter(({ scenario }) => scenario === name).flatMap(({ of, to }) => [of, to])
    const targets = await available([...new Set(needed)], laboratory)
    records.push(...(await compare(brief(scenarioNamed(name)), targets, rounds, laboratory, tell)))
  }
  return records
}

function tell({ scenario, target, round, noise, broken: found }: RunRecord): void {
  process.stderr.write(`${scenario} ${round} ${target}; others used ${noise.toFixed(2)} cores\n`)
  broken.push(...found.map((promise) => `${scenario}, ${target}: ${promise}`))
}

function reportOf(records: RunRecord[], again: RunRecord[], worse: HeldRatio[]): string {
  const shown = (ratio: number): string => (Number.isNaN(ratio) ? 'not measured' : ratio.toFixed(2))
  const rows = held.map((ratio) => {
    const { scenario, figure, of, to } = ratio
    return [
      `${scenario}: ${figure}, ${of} / ${to}`,
      shown(ratio.ratio),
      shown(measuredRatio(ratio, records)),
      again.length > 0 ? shown(measuredRatio(ratio, again)) : '',
      Number.isNaN(ratio.ratio) ? 'not published yet' : worse.includes(ratio) ? 'WORSE' : 'holds',
    ]
  })
  return markdownTable([['ratio', 'published', 'measured', 'again', ''], ...rows])
}
