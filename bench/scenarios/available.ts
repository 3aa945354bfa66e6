import type { Target } from '../targets/target.ts'
import { targetNamed } from '../targets/targets.ts'
import type { Laboratory } from './laboratory.ts'

/** Those of the named targets that can run on this machine; says about the others why they cannot */
export async function available(names: string[], laboratory: Laboratory): Promise<Target[]> {
  const found: Target[] = []
  for (const target of names.map(targetNamed)) {
    const lack = await laboratory.lacks(target)
    if (lack === undefined) found.push(target)
    else process.stderr.write(`Without ${target.name}: ${lack}\n`)
  }
  return found
}
