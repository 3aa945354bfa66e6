import { expect, it } from 'vitest'
import { BEAT } from '../../../protocol/timing.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { Connections, type Tended } from './connections.ts'

function connectionsWith(count: number, opens = false) {
  const clock = new FakeClock()
  const connections = new Connections(clock, () => undefined, opens)
  const goodbyes: number[] = []
  /** When each had a heartbeat */
  const beats = Array.from({ length: count }, (): number[] => [])
  const spreads = new Set<number | undefined>()
  for (let i = 0; i < count; i++) {
    const connection: Tended = {
      kind: 'events',
      identity: undefined,
      session: undefined,
      socket: { ping: () => undefined },
      awaitsPong: false,
      beat: (now) => void beats[i]?.push(now),
      disconnect(_reason, _reconnect, retryAfter) {
        goodbyes.push(i)
        spreads.add(retryAfter)
      },
      close: () => undefined,
    }
    connections.add(connection)
  }
  return { clock, connections, goodbyes, spreads, beats }
}

it('says goodbye to all at once where no time is given, and waits for nothing', async () => {
  const { connections, goodbyes } = connectionsWith(3)
  await connections.drain(0)
  expect(goodbyes).toEqual([0, 1, 2])
})

it('waits between two goodbyes, and for nothing after the last one', async () => {
  const { clock, connections, goodbyes } = connectionsWith(2)
  const drained = connections.drain(60_000)
  expect(goodbyes).toEqual([0])
  await clock.advance(1_000)
  expect(goodbyes).toEqual([0, 1])
  await drained
})

it.each([
  { count: 1_500, over: undefined },
  { count: 1_501, over: 2 },
  { count: 10_000, over: 7 },
  { count: 200_000, over: 60 },
])('asks $count clients to come back over $over seconds', async ({ count, over }) => {
  const { connections, spreads } = connectionsWith(count)
  await connections.drain(0)
  expect([...spreads]).toEqual([over])
})

it.each([
  { count: 3, turns: 6 },
  { count: 1_000, turns: 6 },
  { count: 12_000, turns: 30 },
  { count: 40_000, turns: 60 },
])(
  'serves $count connections in at most $turns turns, each of them every time after the same pause',
  async ({ count, turns }) => {
    const { clock, connections, beats } = connectionsWith(count, true)
    await clock.advance(3 * BEAT)
    expect(new Set(beats.map((times) => times.length))).toEqual(new Set([3]))
    const pauses = beats.flatMap((times) => times.slice(1).map((time, i) => time - (times[i] ?? 0)))
    expect(new Set(pauses)).toEqual(new Set([BEAT]))
    expect(new Set(beats.flat()).size).toBeLessThanOrEqual(3 * turns)
    await connections.drain(0)
  },
)
