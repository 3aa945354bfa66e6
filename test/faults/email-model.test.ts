// Whatever happens, and in whatever order: no reply is told of in two mails, none that was read before its mail left, and every
// other one in the end. Replay a failure with FAULT_SEED and FAULT_PATH; FAULT_RUNS sets how many lives are led.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mongodbLane, mysqlLane, postgresLane, sqliteLane, type Lane, type Place } from './email-model/places.ts'
import { SERVICE_PROVIDERS, SMTP } from '../support/mail-providers.ts'
import { step, type Step } from './email-model/steps.ts'
import { World } from './email-model/world.ts'

const RUNS = Number(process.env['FAULT_RUNS'] ?? 200)
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000_007)
const PATH = process.env['FAULT_PATH']
/** Lives led side by side: they mostly wait for the network */
const LANES = PATH === undefined ? 10 : 1
/** There each lane has a database of its own, which takes long to make */
const SERVER_LANES = PATH === undefined ? 4 : 1

/** The workers' code is the same on each engine: there its claims are what is tried */
const SERVER_RUNS = Math.ceil(RUNS / 10)
/** The workers' code is the same with each service: there its mailer is what is tried */
const SERVICE_RUNS = Math.ceil(RUNS / 10)
const SERVICE_LANES = PATH === undefined ? 4 : 1

/** Both are killed between the claim and the handover, by a provider that keeps them waiting */
const KILLED_BEFORE_HANDOVER: Step[] = [
  { do: 'provider', mode: 'stall-rcpt' },
  { do: 'reply', chat: 0 },
  { do: 'reply', chat: 1 },
  { do: 'time', ms: 300_001 },
  { do: 'kill', worker: 0 },
  { do: 'kill', worker: 1 },
]

it.for([
  { name: 'SQLite', provider: SMTP, runs: RUNS, lanes: LANES, newLane: sqliteLane },
  { name: 'PostgreSQL', provider: SMTP, runs: SERVER_RUNS, lanes: SERVER_LANES, newLane: postgresLane },
  { name: 'MariaDB', provider: SMTP, runs: SERVER_RUNS, lanes: SERVER_LANES, newLane: mysqlLane },
  { name: 'MongoDB', provider: SMTP, runs: SERVER_RUNS, lanes: SERVER_LANES, newLane: mongodbLane },
  ...SERVICE_PROVIDERS.map((provider) => ({
    name: 'SQLite',
    provider,
    runs: SERVICE_RUNS,
    lanes: SERVICE_LANES,
    newLane: sqliteLane,
  })),
])(
  `tells on $name by $provider.name of each unread reply once ($runs lives, FAULT_SEED=${SEED})`,
  { timeout: 300_000 + RUNS * 10_000 },
  async ({ name, provider, runs, lanes: count, newLane }, { skip }) => {
    const total = { lives: 0, steps: 0, kills: 0, replies: 0, mails: 0 }
    async function live(place: Place, steps: Step[]): Promise<void> {
      const world = await World.open(place, provider)
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
    }
    async function lead(lane: Lane, n: number): Promise<void> {
      if (PATH === undefined) await live(lane.enter(), KILLED_BEFORE_HANDOVER)
      const life = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), (steps) =>
        live(lane.enter(), steps),
      )
      await fc.assert(life, {
        seed: SEED + n,
        path: PATH ?? '',
        numRuns: Math.ceil(runs / count),
        endOnFailure: process.env['FAULT_SHRINK'] === undefined,
      })
    }
    const lanes = await Promise.all(Array.from({ length: count }, newLane))
    try {
      await Promise.all(lanes.map((lane, n) => (lane ? lead(lane, n) : skip('it is not on this machine'))))
    } finally {
      await Promise.all(lanes.flatMap((lane) => lane?.end() ?? []))
    }
    console.log(`${name}, ${provider.name}, seed ${SEED}:`, total)
    expect(total.mails).toBeGreaterThan(total.lives / 4)
  },
)
