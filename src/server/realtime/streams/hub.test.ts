import { expect, it } from 'vitest'
import { FakeClock } from '../../../testing/fake-clock.ts'
import type { Store } from '../../ports/store/store.ts'
import { Hub } from './hub.ts'
import { Subscription } from './subscription.ts'

it('nobody joins whose connection was cut off meanwhile, so staff who are gone count as gone', async () => {
  const clock = new FakeClock()
  const hub = new Hub({ store: {} as Store, clock, onError: () => undefined, bus: null, observer: undefined })
  const identity = { id: 'sam', role: 'admin', email: 'sam@example.com', name: 'Sam' } as never
  const subscribe = (isOpen: boolean): void =>
    hub.join(
      new Subscription({
        topic: { type: 'staff' },
        identity,
        envelope: { key: '', wrap: () => '' },
        sink: { write() {}, overflow() {}, reject() {}, drained: () => Promise.resolve(), isOpen },
      }),
    )
  await clock.advance(1_000_000)
  subscribe(false)
  expect(hub.staffPresence.holds()).toBe(0)
  subscribe(true)
  expect(hub.staffPresence.holds()).toBeGreaterThan(0)
  hub.close()
})
