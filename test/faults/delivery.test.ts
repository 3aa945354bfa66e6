// Whatever happens to networks and servers: in the end everybody has seen every message once, in order, and every badge counts
// what the database counts. Replay a failure with FAULT_SEED and, to
// begin with the life that failed, FAULT_PATH; FAULT_RUNS sets how many lives are led.
import './model/fast.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ServerProcess } from '../support/server-process.ts'
import { step } from './model/steps.ts'
import { sqliteTruth, type Truth } from './model/truth.ts'
import { World } from './model/world.ts'

const RUNS = Number(process.env['FAULT_RUNS'] ?? 50)
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000_007)

let dir: string
let server: ServerProcess
let truth: Truth

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-faults-'))
  server = await ServerProcess.start({ DATA_DIR: dir, DATABASE_URL: `sqlite:${join(dir, 'chat.db')}` })
  truth = sqliteTruth(join(dir, 'chat.db'))
})
afterAll(async () => {
  truth.close()
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

it(
  `agrees with the database after any faults (${RUNS} lives, FAULT_SEED=${SEED})`,
  async () => {
    const world = new World([server], truth)
    const life = fc.asyncProperty(
      fc.array(step, { maxLength: 30 }),
      fc.noBias(fc.double({ min: 0, max: 1 })),
      (steps, luck) => world.run(steps, dice(luck)),
    )
    await fc.assert(life, {
      seed: SEED,
      path: process.env['FAULT_PATH'] ?? '',
      numRuns: RUNS,
      endOnFailure: process.env['FAULT_SHRINK'] === undefined,
    })
    console.log(`${RUNS} lives, seed ${SEED}:`, world.steps)
    expect(Object.keys(world.steps).length).toBeGreaterThan(RUNS > 40 ? 15 : 0)
  },
  RUNS * 30_000,
)

/** A sequence that follows from its start (Lehmer) */
function dice(start: number): () => number {
  let state = 1 + Math.floor(start * 2_147_483_645)
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}
