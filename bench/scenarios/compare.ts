// Targets take turns, A B C A B C …, so that a noisy minute is none of one target's alone.
import type { Target } from '../targets/target.ts'
import type { Laboratory } from './laboratory.ts'
import { runOnce, type RunRecord } from './run-once.ts'
import type { Scenario } from './scenario.ts'

/** A run that others disturbed more than this (cores) is repeated once; the quieter one counts */
const NOISY = 0.5

/** @param report called after each run that counts */
export async function compare(
  scenario: Scenario,
  targets: Target[],
  rounds: number,
  laboratory: Laboratory,
  report: (record: RunRecord) => void,
): Promise<RunRecord[]> {
  const records: RunRecord[] = []
  for (let round = 1; round <= rounds; round++) {
    for (const target of targets) {
      const first = await runOnce(scenario, target, round, laboratory)
      const isDisturbed = first.noise > NOISY && first.broken.length === 0
      const second = isDisturbed ? await runOnce(scenario, target, round, laboratory) : first
      // A broken promise is never repeated away
      const record = second.broken.length > 0 || second.noise < first.noise ? second : first
      records.push(record)
      report(record)
    }
  }
  return records
}
