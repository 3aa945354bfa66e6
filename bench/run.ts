// Deskbell beside others at the same job, in one run on one machine: npm run bench [-- SCENARIO …] [--rounds N] [--targets A,B] [--publish]
// Without a scenario it runs all, in well over an hour. Tables go to the standard output, everything that was measured to bench/results.
// `--publish` writes the tables and the ratios into docs/benchmarks.md.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installPackages } from './install.ts'
import { describeMachine, type Machine } from './report/machine.ts'
import { publish } from './report/publication.ts'
import { comparisonsOf, comparisonTable } from './report/ratios.ts'
import { markdownTable, tableOf } from './report/table.ts'
import { available } from './scenarios/available.ts'
import { compare } from './scenarios/compare.ts'
import { crash, type CrashRecord } from './scenarios/crash.ts'
import { Laboratory } from './scenarios/laboratory.ts'
import { scenarioNamed, SCENARIOS } from './scenarios/scenario.ts'
import type { RunRecord } from './scenarios/run-once.ts'
import { targetNamed } from './targets/targets.ts'

const CRASH_TARGETS = ['deskbell', 'deskbell-postgres', 'socketio-sqlite', 'socketio-postgres', 'prototype-sqlite']
const ENGINES = ['sqlite', 'postgres', 'mysql']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string' }, targets: { type: 'string' }, publish: { type: 'boolean', default: false } },
})
const results = join(import.meta.dirname, 'results')
const failures: string[] = []
const names = positionals.length > 0 ? positionals : [...SCENARIOS.map(({ name }) => name), 'crash', 'growth']

installPackages()
mkdirSync(results, { recursive: true })
const laboratory = new Laboratory()
try {
  const machine = describeMachine(laboratory.folder)
  for (const name of names) {
    if (name === 'growth') runGrowth()
    else if (name === 'crash') save(name, { machine, records: await runCrash() })
    else save(name, { machine, ...(await runScenario(name, machine)) })
  }
} finally {
  await laboratory.close()
}
for (const failure of failures) console.log(`Not correct: ${failure}`)
process.exitCode = failures.length > 0 ? 1 : 0

async function runScenario(name: string, machine: Machine): Promise<object> {
  const scenario = scenarioNamed(name)
  const targets = await available(values.targets?.split(',') ?? scenario.targets, laboratory)
  const rounds = Number(values.rounds ?? scenario.rounds)
  const records = await compare(scenario, targets, rounds, laboratory, tell)
  const comparisons = comparisonsOf(records)
  console.log(`\n## ${scenario.name}: ${scenario.title} (medians of ${rounds})\n`)
  const tables = `${tableOf(records, (target) => targetNamed(target).title)}\n\n${comparisonTable(comparisons)}`
  console.log(tables)
  if (values.publish) publish(name, tables, records, machine)
  return { records, comparisons }
}

function tell({ scenario, target, round, noise, broken, known }: RunRecord): void {
  const found = broken.length > 0 ? broken.join('; ') : ['correct', ...known].join('; ')
  process.stderr.write(`${scenario} ${round} ${target}: ${found}; others used ${noise.toFixed(2)} cores\n`)
  failures.push(...broken.map((promise) => `${scenario}, ${target}, round ${round}: ${promise}`))
}

async function runCrash(): Promise<CrashRecord[]> {
  const records: CrashRecord[] = []
  for (const target of await available(values.targets?.split(',') ?? CRASH_TARGETS, laboratory)) {
    for (let round = 0; round < Number(values.rounds ?? 3); round++) {
      const record = await crash(target, laboratory)
      process.stderr.write(`crash ${round + 1} ${target.name}: ${JSON.stringify(record)}\n`)
      records.push(record)
      if (record.missing > 0) failures.push(`crash, ${target.name}: ${record.missing} echoed messages were not stored`)
    }
  }
  console.log('\n## crash: the server is killed amid a load\n')
  const rows = records.map(({ target, echoed, missing, unechoed }) => [
    targetNamed(target).title,
    ...[echoed, missing, unechoed].map((n) => n.toLocaleString('en')),
  ])
  console.log(markdownTable([['', 'echoed', 'echoed and gone', 'stored, not yet echoed'], ...rows]))
  return records
}

function runGrowth(): void {
  for (const engine of ENGINES) {
    const { status } = spawnSync(process.execPath, [join(import.meta.dirname, 'growth/growth.ts'), engine], {
      stdio: 'inherit',
    })
    if (status !== 0) failures.push(`growth on ${engine} failed`)
  }
}

function save(name: string, content: object): void {
  writeFileSync(join(results, `${name}.json`), JSON.stringify(content, null, 2))
}
