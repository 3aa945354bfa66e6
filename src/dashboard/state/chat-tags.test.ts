import { signal } from '@preact/signals'
import { beforeEach, expect, it } from 'vitest'
import { FakeClock } from '../../testing/fake-clock.ts'
import type { ActivityState } from '../../client/staff/activity-feed.ts'
import type { SupportActivity } from '../../protocol/activity.ts'
import type { AdminSupportChat } from '../../protocol/types.ts'
import { ChatTags, type TagChanges } from './chat-tags.ts'

const id = signal<string | null>('c1')
const openedChat = signal<AdminSupportChat | null>(null)
const activity = signal<ActivityState | null>(null)
let clock: FakeClock
let sent: TagChanges[]
let answer: (tags: string[] | null) => void
let failures: number
let tags: ChatTags

const opened = (chat: string, of: string[]): AdminSupportChat => ({ id: chat, tags: of }) as AdminSupportChat
const tagged = (seq: number, added: string[], removed: string[] = []): SupportActivity =>
  ({ seq, kind: 'tagged', body: { added, removed } }) as SupportActivity
const told = (...activities: SupportActivity[]): void => {
  activity.value = { activities, pending: [], has_more: false, loading_older: false, looking: [] }
}

beforeEach(() => {
  clock = new FakeClock(0)
  sent = []
  failures = 0
  id.value = 'c1'
  openedChat.value = opened('c1', ['bug', 'vip'])
  activity.value = null
  tags = new ChatTags({
    id,
    openedChat,
    activity,
    send: (_chat, changes) => {
      sent.push(changes)
      return new Promise((resolve, reject) => {
        answer = (of) => (of === null ? reject(new Error('no')) : resolve(of))
      })
    },
    loadKnown: async () => ['bug', 'vip', 'idea'],
    failed: () => failures++,
    clock,
  })
})

it('are those that the chat came with, and follow what is told of them', () => {
  expect(tags.value.value).toEqual(['bug', 'vip'])
  told(tagged(1, ['vip', 'bug']), tagged(2, ['idea'], ['bug']))
  expect(tags.value.value).toEqual(['idea', 'vip'])
  id.value = 'c2'
  expect(tags.value.value).toEqual([])
})

it('show a change of one’s own at once, and go on to follow those of colleagues', async () => {
  const done = tags.change({ add: ['idea'], remove: ['vip'] })
  expect(tags.value.value).toEqual(['bug', 'idea'])
  told(tagged(1, ['new']))
  expect(tags.value.value).toEqual(['bug', 'idea', 'new'])
  answer(['bug', 'idea'])
  await done
  told(tagged(1, ['new']), tagged(2, ['idea'], ['vip']), tagged(3, [], ['idea']))
  await clock.advance(3_000)
  expect(tags.value.value).toEqual(['bug', 'new'])
})

it('take back a change that was refused', async () => {
  const done = tags.change({ add: ['idea'] })
  answer(null)
  await done
  expect([tags.value.value, failures]).toEqual([['bug', 'vip'], 1])
})

it('of another chat are not touched by an answer that comes late', async () => {
  const done = tags.change({ add: ['idea'] })
  id.value = 'c2'
  openedChat.value = opened('c2', ['other'])
  answer(['bug', 'idea', 'vip'])
  await done
  expect(tags.value.value).toEqual(['other'])
})
