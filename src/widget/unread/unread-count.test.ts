import { expect, it } from 'vitest'
import type { SupportMessage } from '../../protocol/types.ts'
import { createUnreadCount } from './unread-count.ts'

const message = (seq: number, from: 'user' | 'admin' = 'admin', isRead = false): SupportMessage => ({
  id: `m${seq}`,
  seq,
  sender_type: from,
  sender_name: null,
  content: `${seq}`,
  client_id: null,
  attachments: [],
  read_at: isRead ? '2026-01-01T00:00:00.000Z' : null,
  created_at: '2026-01-01T00:00:00.000Z',
})
const chat = (messages: SupportMessage[], unread_count: number, epoch = 'e') => ({ messages, unread_count, epoch })

function begin(...of: Parameters<typeof chat>) {
  const heard: number[] = []
  const unread = createUnreadCount(({ seq }) => heard.push(seq))
  unread.load(chat(...of))
  return { unread, heard }
}

it('counts new replies once, and none of the first page is new', () => {
  const { unread, heard } = begin([message(1, 'user'), message(2)], 1)
  expect([unread.count, unread.newest?.seq, unread.position]).toEqual([1, 2, { offset: 2, epoch: 'e' }])
  expect(unread.add(message(3))).toBe(true)
  expect(unread.add(message(3))).toBe(true)
  expect(unread.add(message(4, 'user'))).toBe(true)
  expect([unread.count, unread.newest?.seq, unread.position.offset, heard]).toEqual([2, 3, 4, [3]])
})

it('notices that some are missing, and takes them when they come', () => {
  const { unread, heard } = begin([], 0)
  expect(unread.add(message(2))).toBe(false)
  expect(unread.count).toBe(0)
  expect(unread.add(message(1))).toBe(true)
  expect(unread.add(message(2))).toBe(true)
  expect([unread.count, heard]).toEqual([2, [1, 2]])
})

it('drops what was read elsewhere, up to there', () => {
  const { unread } = begin([message(1), message(2), message(3)], 3)
  expect(unread.read(2)).toBe(true)
  expect([unread.count, unread.newest?.seq]).toEqual([1, 3])
  // What a resumption repeats
  expect(unread.add(message(4, 'admin', true))).toBe(true)
  expect(unread.read(2)).toBe(true)
  expect(unread.count).toBe(1)
  expect(unread.read(4)).toBe(true)
  expect([unread.count, unread.newest]).toEqual([0, null])
})

it('cannot tell how many are left before the page, and asks for that once', () => {
  const { unread } = begin([message(60), message(61)], 12)
  expect(unread.count).toBe(12)
  expect(unread.read(55)).toBe(false)
  unread.load(chat([message(60), message(61)], 6))
  expect(unread.read(55)).toBe(true)
  expect(unread.count).toBe(6)
  expect(unread.read(60)).toBe(true)
  expect(unread.count).toBe(1)
})

it('rings for what a later page brings, and shows nothing as unread that was read meanwhile', () => {
  const { unread, heard } = begin([message(1)], 1)
  unread.read(2)
  unread.load(chat([message(1), message(2), message(3)], 3))
  expect([unread.count, heard]).toEqual([1, [3]])
})

it('begins anew with a database that was restored', () => {
  const { unread, heard } = begin([message(1), message(2), message(3)], 3)
  unread.read(3)
  unread.load(chat([message(1)], 1, 'other'))
  expect([unread.count, unread.position, heard]).toEqual([1, { offset: 1, epoch: 'other' }, []])
})
