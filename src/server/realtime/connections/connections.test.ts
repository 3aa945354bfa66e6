import { expect, it } from 'vitest'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { Connections, type Tended } from './connections.ts'

function connectionsWith(count: number) {
  const clock = new FakeClock()
  const connections = new Connections(clock, () => undefined, false)
  const goodbyes: number[] = []
  for (let i = 0; i < count; i++) {
    const connection: Tended = {
      kind: 'events',
      identity: undefined,
      session: undefined,
      socket: { ping: () => undefined },
      awaitsPong: false,
      beat: () => undefined,
      disconnect: () => void goodbyes.push(i),
      close: () => undefined,
    }
    connections.add(connection)
  }
  return { clock, connections, goodbyes }
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
