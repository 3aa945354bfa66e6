// docs/benchmarks.md: where figures are published.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunRecord } from '../scenarios/run-once.ts'
import type { Machine } from './machine.ts'
import { measuredRatio, readHeldRatios, withHeldRatios } from './held-ratios.ts'
import { withSection } from './sections.ts'

const FILE = join(import.meta.dirname, '../../docs/benchmarks.md')

export const readPublication = (): string => readFileSync(FILE, 'utf8')

/** Replaces what the page says about a scenario, and its ratios in the table of those that are held */
export function publish(scenario: string, tables: string, records: RunRecord[], machine: Machine): void {
  const { cpu, cores, memoryGib, node, date, syncMs } = machine
  const measuredOn = `${date}, ${cpu}, ${cores} cores, ${memoryGib} GiB, Node ${node}, a sync to disk ${syncMs} ms`
  const page = withSection(readPublication(), scenario, `${tables}\n\nMeasured on ${measuredOn}.`)
  const ratios = readHeldRatios(page).map((held) => {
    const measured = measuredRatio(held, records)
    return Number.isNaN(measured) ? held : { ...held, ratio: measured }
  })
  writeFileSync(FILE, withHeldRatios(page, ratios))
}
