// Whatever happens, and in whatever order: no reply is told of in two mails, none that was read before its mail left, and every
// other one in the end. Replay a failure with FAULT_SEED and FAULT_PATH; FAULT_RUNS sets how many lives are led.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { step } from './email-model/steps.ts'
import { World } from './email-model/world.ts'

const RUNS = Number(process.env['FAULT_RUNS'] ?? 200)
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000_007)
const PATH = process.env['FAULT_PATH']
/** Lives led side by side: they mostly wait for the network */
const LANES = PATH === undefined ? 10 : 1

it(
  `tells of each unread reply once (${RUNS} lives, FAULT_SEED=${SEED})`,
  async () => {
    const total = { lives: 0, steps: 0, kills: 0, replies: 0, mails: 0 }
    const life = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), async (steps) => {
      const world = await World.open()
      try {
        for (const one of steps) await world.run(one)
        await world.end()
        total.lives++
        total.steps += steps.length
        total.kills += steps.filter((one) => one.do === 'kill').length
        total.replies += world.counts.replies
        total.mails += world.counts.mails
      } finally {
        await world.close()
      }
    })
    const lead = (lane: number) =>
      fc.assert(life, {
        seed: SEED + lane,
        path: PATH ?? '',
        numRuns: Math.ceil(RUNS / LANES),
        endOnFailure: process.env['FAULT_SHRINK'] === undefined,
      })
    await Promise.all(Array.from({ length: LANES }, (_, lane) => lead(lane)))
    console.log(`seed ${SEED}:`, total)
    expect(total.mails).toBeGreaterThan(total.lives / 4)
  },
  RUNS * 10_000,
)
