import { signal } from '@preact/signals'
import { beforeEach, expect, it } from 'vitest'
import type { SupportActivity } from '../../protocol/activity.ts'
import { Blocking, type BlockingOptions } from './blocking.ts'

const USER = { id: 'ada', email: '', name: null, first_seen_at: '', last_seen_at: '', page_url: null, attributes: {} }
const about = signal<BlockingOptions['about']['value']>(null)
const activity = signal<BlockingOptions['activity']['value']>(null)
const state = signal<BlockingOptions['state']['value']>(null)
let sent: [string, boolean][]
let told: string[]
let isDown: boolean
beforeEach(() => {
  about.value = { blocked_at: null, user: USER }
  activity.value = { activities: [] }
  state.value = { typing: null }
  sent = []
  told = []
  isDown = false
})

const open = (): Blocking =>
  new Blocking({
    about,
    activity,
    state,
    send: async (userId, blocked) => {
      sent.push([userId, blocked])
      if (isDown) throw new Error('down')
    },
    sent: () => told.push('sent'),
    failed: () => told.push('failed'),
  })
const entry = (kind: 'blocked' | 'unblocked' | 'archived', at: string): SupportActivity =>
  ({
    id: at,
    seq: 1,
    kind,
    actor_id: 'sam',
    actor_name: null,
    body: {},
    client_id: null,
    created_at: at,
  }) as SupportActivity

it('is as the chat came, until its activity tells otherwise', () => {
  const blocking = open()
  expect(blocking.since.value).toBeNull()
  about.value = { blocked_at: 'before', user: USER }
  expect(blocking.since.value).toBe('before')
  activity.value = { activities: [entry('archived', 'a')] }
  expect(blocking.since.value).toBe('before')
  activity.value = { activities: [entry('blocked', 'b'), entry('unblocked', 'c')] }
  expect(blocking.since.value).toBeNull()
  activity.value = { activities: [entry('unblocked', 'c'), entry('blocked', 'd'), entry('archived', 'e')] }
  expect(blocking.since.value).toBe('d')
})

it('asks the server about the user of the open chat, and says what came of it', async () => {
  const blocking = open()
  await blocking.set(true)
  isDown = true
  await blocking.set(false)
  about.value = null
  await blocking.set(true)
  expect(sent).toEqual([
    ['ada', true],
    ['ada', false],
  ])
  expect(told).toEqual(['sent', 'failed'])
})

it('what a blocked person types is not shown, though it comes by a service that passes it on', () => {
  const blocking = open()
  state.value = { typing: { name: 'Ada' } }
  expect(blocking.typing.value).toEqual({ name: 'Ada' })
  activity.value = { activities: [entry('blocked', '2026-01-01T00:00:00.000Z')] }
  expect(blocking.typing.value).toBeNull()
  state.value = { typing: { name: null } }
  expect(blocking.typing.value).toBeNull()
})
