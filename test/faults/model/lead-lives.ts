import fc from 'fast-check'
import { expect, it } from 'vitest'
import { install, type Plan } from './installation.ts'
import { step } from './steps.ts'
import { World } from './world.ts'

const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000_007)

/**
 * Declares the test: random lives on this installation, after each of which everybody must agree with the database. Replay a failure
 * with FAULT_SEED and, to begin with the life that failed, FAULT_PATH; FAULT_RUNS sets how many lives are led.
 * @param usual how many when nobody says
 */
export function leadLives(plan: Plan, usual: number): void {
  const runs = Number(process.env['FAULT_RUNS'] ?? usual)
  it(
    `agrees with the database after any faults (${runs} lives, FAULT_SEED=${SEED})`,
    async ({ skip, task }) => {
      const installation = await install(plan)
      if (!installation) return skip('a part of it is not on this machine')
      try {
        const world = new World(installation)
        const luck = fc.noBias(fc.double({ min: 0, max: 1 }))
        const life = fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), luck, (steps, start) =>
          world.run(steps, dice(start)),
        )
        await fc.assert(life, {
          seed: SEED,
          path: process.env['FAULT_PATH'] ?? '',
          numRuns: runs,
          endOnFailure: process.env['FAULT_SHRINK'] === undefined,
        })
        console.log(`${task.suite?.name}, ${runs} lives, seed ${SEED}: ${JSON.stringify(world.steps)}`)
        expect(Object.keys(world.steps).length).toBeGreaterThan(runs > 10 ? 12 : 0)
      } finally {
        await installation.stop()
      }
    },
    60_000 + runs * 30_000,
  )
}

/** A sequence that follows from its start (Lehmer) */
function dice(start: number): () => number {
  let state = 1 + Math.floor(start * 2_147_483_645)
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}
