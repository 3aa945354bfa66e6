import { signal } from '@preact/signals'
import { beforeEach, expect, it } from 'vitest'
import type { ActivityState } from '../../client/staff/activity-feed.ts'
import type { ActivitySlice } from '../../protocol/activity.ts'
import type { AdminSupportChat } from '../../protocol/types.ts'
import { OpenActivity, type StaffActivity } from './open-activity.ts'

class MemoryFeed implements StaffActivity {
  state: ActivityState = { activities: [], pending: [], has_more: false, loading_older: false, looking: [] }
  readonly calls: string[] = []
  readonly #listeners = new Set<() => void>()

  set(pending: ActivityState['pending']): void {
    this.state = { ...this.state, pending }
    for (const listener of this.#listeners) listener()
  }
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
  load(_slice: ActivitySlice, epoch: string): void {
    this.calls.push(`load ${epoch}`)
  }
  open = (): void => void this.calls.push('open')
  close = (): void => void this.calls.push('close')
  write = (): boolean => true
  retry = (): void => undefined
  discard = (): void => undefined
  reachBack = (): Promise<void> => Promise.resolve()
  refresh = (): Promise<void> => Promise.resolve()
  attend = (isThere: boolean): void => void this.calls.push(isThere ? 'attend' : 'leave')
  writes = (): void => undefined
}

const pending = [
  {
    client_id: 'x',
    content: 'Hm',
    created_at: '2026-03-02T09:00:00.000Z',
    status: 'sending',
    reason: null,
    kept: true,
  },
] as const
const opened = (id: string, epoch: string) =>
  ({ id, epoch, activity: { activities: [], has_more: false } }) as unknown as AdminSupportChat

const id = signal<string | null>(null)
const isAttended = signal(true)
const openedChat = signal<AdminSupportChat | null>(null)
let feeds: Record<string, MemoryFeed>
let desk: OpenActivity
beforeEach(() => {
  id.value = openedChat.value = null
  feeds = {}
  desk = new OpenActivity({ id, openedChat, createFeed: (chat) => (feeds[chat] = new MemoryFeed()), isAttended })
  return () => desk.close()
})
const settle = (): Promise<void> => new Promise((resolve) => queueMicrotask(resolve))

it('is that of the chat on the screen, and takes the page that comes with it', async () => {
  openedChat.value = opened('other', 'e0')
  id.value = 'a'
  openedChat.value = opened('a', 'e1')
  // The person is described differently
  openedChat.value = { ...openedChat.value, user_email: 'new@example.com' }
  expect(feeds['a']?.calls).toEqual(['open', 'attend', 'load e1'])
  feeds['a']?.set(pending)
  expect(desk.state.value?.pending).toEqual(pending)
  feeds['a']?.set([])
  id.value = null
  await settle()
  expect(feeds['a']?.calls.at(-1)).toBe('close')
  expect([desk.feed.value, desk.state.value]).toEqual([null, null])
})

it('lives on while a note is on its way, and no longer', async () => {
  id.value = 'a'
  feeds['a']?.set(pending)
  id.value = 'b'
  await settle()
  expect(feeds['a']?.calls).toEqual(['open', 'attend', 'leave'])
  expect(desk.state.value?.pending).toEqual([])
  feeds['a']?.set([])
  expect(feeds['a']?.calls).toEqual(['open', 'attend', 'leave', 'close'])
})

it('tells colleagues whether somebody attends to the chat', () => {
  id.value = 'a'
  isAttended.value = false
  isAttended.value = true
  expect(feeds['a']?.calls).toEqual(['open', 'attend', 'leave', 'attend'])
})

it('begins every chat with a reply', () => {
  id.value = 'a'
  desk.kind.value = 'note'
  id.value = 'b'
  expect(desk.kind.value).toBe('reply')
  desk.kind.value = 'note'
  id.value = null
  expect(desk.kind.value).toBe('reply')
})
