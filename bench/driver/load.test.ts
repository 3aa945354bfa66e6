// The control: what a server is known to have lost, doubled, mixed up and delayed must be what the driver reports.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { chatIdOf } from '../references/chat-ids.ts'
import { judge } from '../scenarios/promises.ts'
import { serveFaulty, type FaultyServer } from './faulty-server.ts'
import type { LoadPlan } from './load-result.ts'
import { runLoad } from './load.ts'
import type { ServerUnderTest } from './server-under-test.ts'

const USERS = 5
const STAFF = 2
const LATE = 60
/** Timers may fire a little early */
const EARLY = 2
const PLAN: LoadPlan = {
  users: USERS,
  staff: STAFF,
  views: 1,
  pace: { rate: 1_000 },
  size: 60,
  warmUp: 0,
  duration: 0.5,
  drain: 0.5,
}

let faulty: FaultyServer
beforeEach(async () => (faulty = await serveFaulty(LATE)))
afterEach(() => faulty.close())

const server = (): ServerUnderTest => ({
  dialect: 'actioncable',
  socketUrl: `ws://127.0.0.1:${faulty.port}/cable`,
  restUrl: null,
  userTokens: Array.from({ length: USERS }, () => ''),
  staffTokens: Array.from({ length: STAFF }, () => ''),
  chatIds: Array.from({ length: USERS }, (_, i) => chatIdOf(i + 1)),
  serverPids: [],
  databasePids: [],
})

it('reports exactly what a faulty server lost, doubled and mixed up, and that some of it was late', async () => {
  const result = await runLoad(server(), PLAN)
  const { received, lost, doubled, disordered, late } = faulty.did
  expect(Math.min(lost, doubled, disordered, late)).toBeGreaterThan(0)
  expect(result.sent).toBe(received)
  expect(result.echoes).toEqual({ expected: received, lost, doubled, disordered })
  expect(result.notifications).toEqual({
    expected: received * STAFF,
    lost: lost * STAFF,
    doubled: doubled * STAFF,
    disordered: disordered * STAFF,
  })
  // One sender's messages are all late: a fifth of all
  expect(result.echoMs.p95).toBeGreaterThanOrEqual(LATE - EARLY)
  expect(result.notificationMs.p95).toBeGreaterThanOrEqual(LATE - EARLY)
  expect(result.troubles.counts).toEqual({ disconnects: 0, errors: 0, malformed: 0, foreign: 0 })

  const { broken } = judge(result, { rows: received + 2, distinct: received - 1 }, true)
  const count = (n: number): string => n.toLocaleString('en')
  expect(broken).toContain(`lost ${count(lost)} of ${count(received)} echoes`)
  expect(broken).toContain(`doubled ${count(doubled * STAFF)} of ${count(received * STAFF)} notifications`)
  expect(broken).toContain(`${count(disordered)} of ${count(received)} echoes came after a later one`)
  expect(broken).toContain(`stored ${count(received - 1)} of ${count(received)} messages`)
  expect(broken).toContain('stored 3 messages twice')
})

it('finds nothing to complain of in a correct server', async () => {
  // The sender whose messages are late, and not otherwise faulty
  const result = await runLoad(server(), { ...PLAN, users: 1, pace: { underWay: 4 } })
  expect(result.sent).toBeGreaterThan(1)
  expect(judge(result, { rows: result.sent, distinct: result.sent }, true)).toEqual({ broken: [], known: [] })
})
