import { expect, it } from 'vitest'
import type { PendingMessage } from '../client/conversation/outbox.ts'
import type { SenderType, SupportMessage } from '../protocol/types.ts'
import { differs } from './differs.ts'
import { firstUnread, toRows, type Entry, type Row, type Shown } from './rows.ts'

/** Minutes */
const DAY = 24 * 60

/** Message `seq`, of the minute `at` of a day in local time */
function message(seq: number, sender_type: SenderType, at: number, name: string | null = null): SupportMessage {
  return {
    id: `m${seq}`,
    seq,
    content: `${seq}`,
    sender_type,
    sender_name: name,
    client_id: null,
    attachments: [],
    read_at: null,
    created_at: new Date(2026, 2, 2, 9, at).toISOString(),
  }
}
function pending(client_id: string, at: number): PendingMessage {
  const created_at = new Date(2026, 2, 2, 9, at).toISOString()
  return { client_id, content: client_id, created_at, status: 'sending', reason: null, kept: true }
}
const shown = (messages: SupportMessage[], waiting: PendingMessage[] = []): Shown => ({
  messages,
  pending: waiting,
  other_read_seq: 0,
  connection: 'connected',
})
const entries = (rows: Row[]): Entry[] => rows.flatMap((row) => (row.kind === 'message' ? row.entry : []))
/** A letter for each message of a run: [ first, ] last, X both, - neither */
const runs = (rows: Row[]): string =>
  entries(rows)
    .map(({ first, last }) => (first ? (last ? 'X' : '[') : last ? ']' : '-'))
    .join('')

it('draws a message again when it is another object, whatever changed in it, and only then', () => {
  const [one, two] = [message(1, 'user', 0), message(2, 'admin', 1)]
  const before = entries(toRows(shown([one, two]), 'user', null))
  const after = entries(toRows(shown([one, { ...two, content: 'edited' }]), 'user', null))
  expect(before.map((entry, i) => differs(after[i] ?? entry, entry))).toEqual([false, true])
})

it('joins messages of one sender within five minutes to a run', () => {
  const messages = [
    message(1, 'user', 0),
    message(2, 'user', 1),
    message(3, 'user', 4),
    message(4, 'user', 9),
    message(5, 'admin', 9, 'Sam'),
    message(6, 'admin', 9, 'Kim'),
  ]
  expect(runs(toRows(shown(messages), 'user', null))).toBe('[-]XXX')
})

it('joins a pending message to its sender’s run, though it has no name yet', () => {
  expect(runs(toRows(shown([message(1, 'user', 0, 'Ada')], [pending('p', 1)]), 'user', null))).toBe('[]')
})

it('puts a divider before each local day and before the first unread message, and begins a run after it', () => {
  const messages = [message(1, 'admin', 0), message(2, 'admin', 1), message(3, 'admin', DAY)]
  const rows = toRows(shown(messages), 'user', 2)
  expect(rows.map(({ kind }) => kind)).toEqual(['day', 'message', 'new', 'message', 'day', 'message'])
  expect(runs(rows)).toBe('XXX')
})

/** Days as dates, messages as what they say */
const outline = (rows: Row[]): string[] =>
  rows.map((row) =>
    row.kind === 'message' ? row.entry.message.content : row.kind === 'day' ? `${new Date(row.at).getDate()}.` : 'new',
  )

it('shows each day once, in order: what was not sent on an earlier day stands below the newest one', () => {
  const messages = [message(1, 'user', 0), message(2, 'user', DAY)]
  const failed: PendingMessage = { ...pending('failed', 5), status: 'failed' }
  expect(outline(toRows(shown(messages, [failed]), 'user', null))).toEqual(['2.', '1', '3.', '2', 'failed'])
  expect(outline(toRows(shown(messages, [failed, pending('p', DAY + 1)]), 'user', null)).slice(-2)).toEqual([
    'failed',
    'p',
  ])
  expect(outline(toRows(shown([], [failed, pending('p', DAY)]), 'user', null))).toEqual(['3.', 'failed', 'p'])
})

it('begins a day with a message that is being sent, not with one that waits or failed: its day is not known yet', () => {
  const messages = [message(1, 'user', 0)]
  const later = pending('p', DAY)
  expect(outline(toRows(shown(messages, [later]), 'user', null))).toEqual(['2.', '1', '3.', 'p'])
  for (const connection of ['offline', 'reconnecting', 'connecting'] as const)
    expect(outline(toRows({ ...shown(messages, [later]), connection }, 'user', null))).toEqual(['2.', '1', 'p'])
  const failed: PendingMessage = { ...later, status: 'failed' }
  expect(outline(toRows(shown(messages, [failed]), 'user', null))).toEqual(['2.', '1', 'p'])
})

it('does not join messages to a run whose times are far apart in either direction', () => {
  expect(runs(toRows(shown([message(1, 'user', 30)], [pending('p', 29), pending('q', 0)]), 'user', null))).toBe('[]X')
})

it('marks the newest own message that the other side has read', () => {
  const messages = [message(1, 'user', 0), message(2, 'user', 1), message(3, 'admin', 2), message(4, 'user', 3)]
  const rows = toRows({ ...shown(messages), other_read_seq: 3 }, 'user', null)
  expect(entries(rows).map(({ seen }) => seen)).toEqual([false, true, false, false])
})

it('keeps the element of a pending message when it becomes a stored one', () => {
  const waiting = toRows(shown([], [pending('p', 0)]), 'user', null)
  const stored = toRows(shown([{ ...message(1, 'user', 0), client_id: 'p' }]), 'user', null)
  expect(stored.map(({ key }) => key)).toEqual(waiting.map(({ key }) => key))
})

it('finds the first message that the other side wrote and this one has not read', () => {
  expect(firstUnread([message(1, 'user', 0), message(2, 'admin', 1), message(3, 'admin', 2)], 'user')).toBe(2)
  expect(firstUnread([message(1, 'user', 0)], 'user')).toBeNull()
})
