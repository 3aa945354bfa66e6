import { afterEach, expect, test, vi } from 'vitest'
import { Outbox } from './outbox.ts'
import type { KeyValue } from '../storage.ts'

afterEach(() => void vi.useRealTimers())

function memory(): KeyValue & { map: Map<string, string> } {
  const map = new Map<string, string>()
  return {
    map,
    get: (key) => map.get(key) ?? null,
    set: (key, value) => void (value === null ? map.delete(key) : map.set(key, value)),
  }
}

/** Of one person in one chat */
function twoTabs(): [Outbox, Outbox] {
  const storage = memory()
  const tabs: [Outbox, Outbox] = [new Outbox(storage), new Outbox(storage)]
  for (const tab of tabs) tab.bind('chat')
  return tabs
}

test('what was not confirmed is there for the next page, in order, before what is typed since', () => {
  const storage = memory()
  const first = new Outbox(storage)
  first.bind('chat')
  first.add({ content: 'one' })
  first.add({ content: 'two' })

  const second = new Outbox(storage)
  second.add({ content: 'three' })
  second.bind('chat')
  expect(second.items.map((item) => item.content)).toEqual(['one', 'two', 'three'])
})

test('nothing is stored before something is sent, nor after all is confirmed', () => {
  const storage = memory()
  const outbox = new Outbox(storage)
  outbox.bind('chat')
  expect(storage.map.size).toBe(0)
  const { client_id } = outbox.add({ content: 'one' })
  expect(storage.map.size).toBe(1)
  expect(outbox.remove(client_id)).toBe(true)
  expect(storage.map.size).toBe(0)
})

test('two tabs do not undo each other', () => {
  const storage = memory()
  const a = new Outbox(storage)
  const b = new Outbox(storage)
  a.bind('chat')
  b.bind('chat')
  const one = a.add({ content: 'one' })
  b.add({ content: 'two' })
  a.remove(one.client_id)
  const next = new Outbox(storage)
  next.bind('chat')
  expect(next.items.map((item) => item.content)).toEqual(['two'])
})

test('what a closed tab left is taken over after a while, what a tab lives to send is left to it', () => {
  vi.useFakeTimers()
  const [closed, open] = twoTabs()
  const one = closed.add({ content: 'one' })
  open.add({ content: 'two' })
  expect(open.adopt(new Set())).toBe(false)
  vi.advanceTimersByTime(16_000)
  expect(open.adopt(new Set([one.client_id]))).toBe(false)
  expect(open.adopt(new Set())).toBe(true)
  expect(open.items.map((item) => item.content)).toEqual(['one', 'two'])
  expect(open.adopt(new Set())).toBe(false)
})

test('what is taken over in two steps stays in order', () => {
  vi.useFakeTimers()
  const [closed, open] = twoTabs()
  closed.add({ content: 'one' })
  vi.advanceTimersByTime(10_000)
  closed.add({ content: 'two' })
  for (let step = 0; step < 2; step++) {
    vi.advanceTimersByTime(8_000)
    expect(open.adopt(new Set())).toBe(true)
  }
  expect(open.items.map((item) => item.content)).toEqual(['one', 'two'])
})

test('a clock that is set back changes no order, and keeps nothing of a closed tab waiting', () => {
  vi.useFakeTimers()
  const [closed, open] = twoTabs()
  open.add({ content: 'one' })
  closed.add({ content: 'two' })
  vi.setSystemTime(Date.now() - 3_600_000)
  open.add({ content: 'three' })
  expect(open.adopt(new Set())).toBe(true)
  expect(open.items.map((item) => item.content)).toEqual(['one', 'two', 'three'])
  expect(open.adopt(new Set())).toBe(false)
  expect(open.items.map((item) => item.content)).toEqual(['one', 'two', 'three'])
})

test('junk in the storage is no reason to fail', () => {
  const item = { client_id: 'c', content: 'one', created_at: '2026-01-01T00:00:00Z', status: 'sending' }
  const broken = [
    { ...item, status: 'queued' },
    { ...item, created_at: 'soon' },
    { ...item, content: null },
  ]
  for (const junk of ['{', '7', 'null', '{"length":1}', '[null,{"client_id":3}]', JSON.stringify(broken)]) {
    const storage = memory()
    storage.set('chat', junk)
    const outbox = new Outbox(storage)
    outbox.bind('chat')
    expect(outbox.items).toEqual([])
  }
})

test('a message says whether it is stored', () => {
  const full: KeyValue = { get: () => null, set: () => undefined }
  const outbox = new Outbox(full)
  outbox.bind('person')
  const kept = new Outbox(memory())
  expect([outbox.add({ content: 'one' }).kept, kept.add({ content: 'before anybody is known' }).kept]).toEqual([
    false,
    false,
  ])
  kept.bind('person')
  expect(kept.add({ content: 'two' }).kept).toBe(true)
})
