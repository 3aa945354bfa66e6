import { expect, it } from 'vitest'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { unpackHints, type Hint } from './hint.ts'
import { Nodes } from './nodes.ts'

it('hints about different parts of a chat do not replace one another, and equal ones are sent once', async () => {
  const clock = new FakeClock()
  const sent: Hint[] = []
  const bus = {
    publish: (text: string) => void sent.push(...unpackHints(text).hints),
    listen: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
  const ignore = (): void => undefined
  const nodes = new Nodes({ bus, clock, receive: ignore, resumed: ignore, onError: ignore, observer: undefined })
  const hints: Hint[] = [
    { type: 'state', chat: 'a' },
    { type: 'state', chat: 'a', activity: true },
    { type: 'state', chat: 'a', person: true },
    { type: 'state', chat: 'b' },
  ]
  for (const hint of [...hints, ...hints]) nodes.publish(hint)
  await clock.advance(0)
  expect(sent).toEqual(hints)
})
