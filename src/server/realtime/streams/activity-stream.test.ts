import { expect, it } from 'vitest'
import { LOOK_ENDS } from '../../../protocol/timing.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { UnwrittenChat } from '../../chats/unwritten-chat.ts'
import type { Identity } from '../../people/identity.ts'
import type { Store } from '../../ports/store/store.ts'
import { ActivityStream } from './activity-stream.ts'
import { Subscription } from './subscription.ts'

const SAM: Identity = { id: 'sam', role: 'admin', email: '', name: 'Sam', expiresAt: null }
const looking = { id: 'sam', name: 'Sam', writing: null }

it('tells when somebody has not repeated for a while that they look at the chat', async () => {
  const clock = new FakeClock()
  const chat = await UnwrittenChat.of({ ...SAM, address: undefined })
  const stream = new ActivityStream(chat, {} as Store, clock)
  const told: string[] = []
  const subscription = new Subscription({
    topic: { type: 'activity', chat },
    identity: SAM,
    envelope: {
      key: '',
      wrap({ json }) {
        told.push(json)
        return json
      },
    },
    sink: {
      write: () => undefined,
      overflow: () => undefined,
      reject: () => undefined,
      drained: () => Promise.resolve(),
      isOpen: true,
    },
  })
  stream.join(subscription)
  expect(stream.look(looking, false)).toBe(true)
  await clock.advance(LOOK_ENDS - 1)
  expect(stream.look(looking, false)).toBe(false)
  await clock.advance(LOOK_ENDS - 1)
  expect(told).toEqual([JSON.stringify({ type: 'looking', staff: [looking] })])
  await clock.advance(LOOK_ENDS / 5)
  expect(told.at(-1)).toBe('{"type":"looking","staff":[]}')
  stream.close()
})
