import { expect, it } from 'vitest'
import { BEAT } from '../../../protocol/timing.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { nextTurn } from '../../ports/clock.ts'
import { Connections, DEAD_PEER_FOUND, ROUNDS_PER_PING, type Tended } from './connections.ts'

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

it.each([3, 1_000, 12_000, 40_000])(
  'wakes up six times in an interval for %i connections, and serves each of them every time after the same pause',
  async (count) => {
    const { clock, connections, beats } = connectionsWith(count, true)
    for (let passed = 0; passed < 3 * BEAT; passed += BEAT / 6) {
      await clock.advance(BEAT / 6)
      // The last of these slots comes at most nine turns of the loop after the first
      for (let turns = 0; turns < 10; turns++) await nextTurn()
    }
    expect(new Set(beats.map((times) => times.length))).toEqual(new Set([3]))
    const pauses = beats.flatMap((times) => times.slice(1).map((time, i) => time - (times[i] ?? 0)))
    expect(new Set(pauses)).toEqual(new Set([BEAT]))
    expect(new Set(beats.flat()).size).toBeLessThanOrEqual(3 * 6)
    await connections.drain(0)
  },
)

it('lets messages have their turn after some hundred connections, and serves none any more once it drains', async () => {
  const { clock, connections, beats } = connectionsWith(12_000, true)
  await clock.advance(BEAT / 6 - 1)
  const advanced = clock.advance(1)
  expect(beats.filter((times) => times.length > 0)).toHaveLength(200)
  void connections.drain(BEAT)
  await advanced
  for (let turns = 0; turns < 10; turns++) await nextTurn()
  expect(beats.filter((times) => times.length > 0)).toHaveLength(200)
})

it('closes a connection that leaves a ping unanswered in time, and spreads the pings of all over the beats', async () => {
  const { clock, connections } = connectionsWith(0, true)
  const pingedAt: number[] = []
  const closed = new Map<string, number>()
  const opened = clock.now()
  const open = (name: string, answers: boolean): void => {
    const connection: Tended = {
      kind: 'cable',
      identity: undefined,
      session: undefined,
      socket: {
        ping() {
          pingedAt.push(clock.now())
          if (answers) queueMicrotask(() => (connection.awaitsPong = false))
        },
      },
      awaitsPong: false,
      beat: () => undefined,
      disconnect: () => undefined,
      close() {
        closed.set(name, clock.now() - opened)
        connections.delete(connection)
      },
    }
    connections.add(connection)
  }
  for (let i = 0; i < 60; i++) open(`answers ${i}`, true)
  for (let i = 0; i < 60; i++) open(`is silent ${i}`, false)
  await clock.advance(DEAD_PEER_FOUND)
  expect([...closed.keys()].filter((name) => name.startsWith('is silent'))).toHaveLength(60)
  expect(closed.size).toBe(60)
  // A ping after at most 45 seconds, and 12 to answer it
  expect(Math.max(...closed.values())).toBeLessThan(DEAD_PEER_FOUND)
  const before = pingedAt.length
  await clock.advance(BEAT)
  expect(pingedAt.length - before).toBe(60 / ROUNDS_PER_PING)
  await connections.drain(0)
})
