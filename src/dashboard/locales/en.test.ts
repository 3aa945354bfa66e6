import { expect, it } from 'vitest'
import { dashboard } from './en.ts'

it('counts one and many, and groups thousands', () => {
  expect([0, 1, 1_234].map(dashboard.messages)).toEqual(['0 messages', '1 message', '1,234 messages'])
  expect([1, 999, 1_000].map(dashboard.unreadTotal)).toEqual(['1 unread chat', '999 unread chats', '999+ unread chats'])
  expect([7, 999, 1_000].map(dashboard.unreadShort)).toEqual(['7', '999', '999+'])
  expect(dashboard.waiting(1_200)).toBe('1,200 new')
  expect(dashboard.foundCount(1, 0)).toBe('1 person, 0 chats in messages')
  expect(dashboard.foundCount(3, null)).toBe('3 people')
  expect(dashboard.foundCount(2, 1)).toBe('2 people, 1 chat in messages')
  expect(dashboard.apart(1_260, 'May 1')).toBe('From May 1, 1,260 messages back: too far to scroll there from here.')
})

it('titles the page by what is unread and by who is on it', () => {
  expect(dashboard.documentTitle(0, null)).toBe('Support Chats')
  expect(dashboard.documentTitle(3, null)).toBe('(3) Support Chats')
  expect(dashboard.documentTitle(1_000, null)).toBe('(999+) Support Chats')
  expect(dashboard.documentTitle(3, 'ada@example.com')).toBe('(3) ada@example.com · Support Chats')
})

it('quotes what a person typed as it is, also where it looks like a pattern', () => {
  expect(dashboard.emptySearch('$& #')).toBe('No chat matches “$& #”')
})
