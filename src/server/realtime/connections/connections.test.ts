import { expect, it } from 'vitest'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { Connections, type Tended } from './connections.ts'

function connectionsWith(count: number) {
  const clock = new FakeClock()
  const connections = new Connections(clock, () => undefined, false)
  const goodbyes: number[] = []
  const spreads = new Set<number | undefined>()
  for (let i = 0; i < count; i++) {
    const connection: Tended = {
      kind: 'events',
      identity: undefined,
      session: undefined,
      socket: { ping: () => undefined },
      awaitsPong: false,
      beat: () => undefined,
      disconnect(_reason, _reconnect, retryAfter) {
        goodbyes.push(i)
        spreads.add(retryAfter)
      },
      close: () => undefined,
    }
    connections.add(connection)
  }
  return { clock, connections, goodbyes, spreads }
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
