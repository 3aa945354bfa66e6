// Whatever happens to networks and servers: in the end everybody has seen every message once, in order, and every badge counts
// what the database counts. Replay a failure with FAULT_SEED and, to begin with the life that failed, FAULT_PATH; FAULT_RUNS sets
// how many lives are led.
import './model/fast.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { install, type Plan } from './model/installation.ts'
import { step } from './model/steps.ts'
import { World } from './model/world.ts'

const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000_007)

const PLANS: { name: string; plan: Plan; runs: number }[] = [
  { name: 'one node on SQLite', plan: { engine: 'sqlite', nodes: 1 }, runs: 50 },
  { name: 'three nodes on PostgreSQL and Redis', plan: { engine: 'postgres', bus: 'redis', nodes: 3 }, runs: 12 },
  { name: 'three nodes on PostgreSQL and NATS', plan: { engine: 'postgres', bus: 'nats', nodes: 3 }, runs: 12 },
  { name: 'three nodes on PostgreSQL alone', plan: { engine: 'postgres', nodes: 3 }, runs: 12 },
  { name: 'three nodes on MariaDB and Redis', plan: { engine: 'mysql', bus: 'redis', nodes: 3 }, runs: 12 },
]

describe.each(PLANS)('$name', ({ name, plan, runs: usual }) => {
  const runs = Number(process.env['FAULT_RUNS'] ?? usual)
  it(
    `agrees with the database after any faults (${runs} lives, FAULT_SEED=${SEED})`,
    async ({ skip }) => {
      const installation = await install(plan)
      if (!installation) return skip('a part of it is not on this machine')
      try {
        const world = new World(installation)
        const luck = fc.noBias(fc.double({ min: 0, max: 1 }))
        const life = fc.asyncProperty(fc.array(step, { maxLength: 30 }), luck, (steps, start) =>
          world.run(steps, dice(start)),
        )
        await fc.assert(life, {
          seed: SEED,
          path: process.env['FAULT_PATH'] ?? '',
          numRuns: runs,
          endOnFailure: process.env['FAULT_SHRINK'] === undefined,
        })
        console.log(`${name}, ${runs} lives, seed ${SEED}: ${JSON.stringify(world.steps)}`)
        expect(Object.keys(world.steps).length).toBeGreaterThan(runs > 10 ? 12 : 0)
      } finally {
        await installation.stop()
      }
    },
    60_000 + runs * 30_000,
  )
})

/** A sequence that follows from its start (Lehmer) */
function dice(start: number): () => number {
  let state = 1 + Math.floor(start * 2_147_483_645)
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}
