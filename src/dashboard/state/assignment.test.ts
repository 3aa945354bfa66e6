import { signal } from '@preact/signals'
import { beforeEach, expect, it } from 'vitest'
import type { ActivityState } from '../../client/staff/activity-feed.ts'
import type { SupportActivity } from '../../protocol/activity.ts'
import type { AdminSupportChat, Assignee, Colleague, SupportChatListItem } from '../../protocol/types.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { chatOf } from '../testing/memory-chats.ts'
import { Assignment } from './assignment.ts'
import { SETTLE } from './settling.ts'

const SAM = { id: 'sam', name: 'Sam' }
const BOB = { id: 'bob', name: 'Bob' }

const id = signal<string | null>(null)
const about = signal<AdminSupportChat | null>(null)
const activity = signal<ActivityState | null>(null)
let rows: Record<string, SupportChatListItem>
let asked: [string, string | null][]
let answer: () => Promise<Assignee | null>
let colleagues: () => Promise<Colleague[]>
let told: string[]
let clock: FakeClock
let assignment: Assignment

beforeEach(() => {
  id.value = about.value = activity.value = null
  rows = {}
  asked = []
  told = []
  answer = () => Promise.resolve(null)
  colleagues = () => Promise.resolve([])
  clock = new FakeClock()
  assignment = new Assignment({
    id,
    about,
    activity,
    row: (chat) => rows[chat],
    person: () => 'admin%3Asam',
    loadColleagues: () => colleagues(),
    assign(chat, to) {
      asked.push([chat, to])
      return answer()
    },
    assigned: () => void told.push('assigned'),
    failed: () => void told.push('failed'),
    clock,
  })
  return () => assignment.close()
})

const open = (chat: string, assignee: Assignee | null): void => {
  id.value = chat
  about.value = { id: chat, assignee } as AdminSupportChat
}
const entry = (seq: number, to: Assignee | null): SupportActivity => ({
  id: `a${seq}`,
  seq,
  kind: 'assigned',
  actor_id: 'bob',
  actor_name: 'Bob',
  body: { assignee_id: to?.id ?? null, assignee_name: to?.name ?? null, by_reply: false },
  client_id: null,
  created_at: '2026-03-02T09:00:00.000Z',
})
const happened = (...activities: SupportActivity[]): void => {
  activity.value = { activities, pending: [], has_more: false, loading_older: false, looking: [] }
}

it('is what the chat was opened with, and then what the last entry of its activity says', () => {
  expect(assignment.assignee.value).toBeUndefined()
  open('c', BOB)
  happened()
  expect(assignment.assignee.value).toEqual(BOB)
  happened(entry(1, SAM), entry(2, null))
  expect(assignment.assignee.value).toBeNull()
  happened(entry(1, SAM), entry(2, null), entry(3, SAM))
  expect([assignment.assignee.value, assignment.isMine(assignment.assignee.value)]).toEqual([SAM, true])
})

it('is taken, also from a colleague, and given back, in the open chat and in the list', async () => {
  rows['other'] = chatOf('other', 1, { assignee: SAM })
  open('c', BOB)
  await assignment.toggleMine('c')
  await assignment.toggleMine('other')
  await assignment.toggleMine('unknown')
  expect(asked).toEqual([
    ['c', 'sam'],
    ['other', null],
  ])
  expect(told).toEqual(['assigned', 'assigned'])
})

it('is not changed by a key that follows at once on what a colleague did', async () => {
  const before = (rows['chat other'] = chatOf('other', 1))
  open('c', null)
  happened(entry(1, BOB))
  rows['chat other'] = { ...before, assignee: BOB }
  assignment.rowChanged(before, rows['chat other'])
  await assignment.toggleMine('c')
  await assignment.toggleMine('chat other')
  expect(asked).toEqual([])
  await clock.advance(SETTLE)
  await assignment.toggleMine('c')
  happened(entry(1, BOB), entry(2, SAM))
  await assignment.toggleMine('c')
  expect(asked).toEqual([
    ['c', 'sam'],
    ['c', null],
  ])
})

it('says that it did not work, and can be tried again', async () => {
  open('c', null)
  answer = () => Promise.reject(new Error('No connection'))
  await assignment.toggleMine('c')
  expect(told).toEqual(['failed'])
  answer = () => Promise.resolve(SAM)
  await assignment.toggleMine('c')
  expect([told, asked]).toEqual([
    ['failed', 'assigned'],
    [
      ['c', 'sam'],
      ['c', 'sam'],
    ],
  ])
})

it('offers colleagues, keeps them while they are asked for again, and closes the menu with the chat', async () => {
  colleagues = () => Promise.reject(new Error('No connection'))
  await assignment.loadColleagues()
  expect([assignment.colleagues.value, assignment.failedToLoad.value]).toEqual([null, true])
  colleagues = () => Promise.resolve([{ ...BOB, online: true }])
  await assignment.loadColleagues()
  colleagues = () => Promise.reject(new Error('No connection'))
  const asking = assignment.loadColleagues()
  expect([assignment.colleagues.value, assignment.failedToLoad.value]).toEqual([[{ ...BOB, online: true }], false])
  await asking
  expect(assignment.colleagues.value).toHaveLength(1)
  open('c', null)
  assignment.isChoosing.value = true
  open('d', null)
  expect(assignment.isChoosing.value).toBe(false)
})
