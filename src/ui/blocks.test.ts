import { expect, it } from 'vitest'
import type { PendingMessage } from '../client/conversation/outbox.ts'
import type { SupportMessage } from '../protocol/types.ts'
import { blockOf, cutBlock, lastBefore, rowsOf, type Block } from './blocks.ts'
import { toRows, type Row, type Shown } from './rows.ts'

/** Runs of one to six messages, with a night after every 23rd */
const message = (seq: number): SupportMessage => ({
  id: `m${seq}`,
  seq,
  content: `${seq}`,
  sender_type: (seq * seq) % 7 < 3 ? 'user' : 'admin',
  sender_name: null,
  client_id: null,
  attachments: [],
  read_at: null,
  created_at: new Date(2026, 2, 2 + Math.floor(seq / 23), 9, seq).toISOString(),
})
const pending: PendingMessage = {
  client_id: 'p',
  content: 'p',
  created_at: new Date(2026, 2, 9, 9).toISOString(),
  status: 'sending',
  reason: null,
  kept: true,
}
const loaded = (from: number, to: number): SupportMessage[] =>
  Array.from({ length: to - from + 1 }, (_, i) => message(from + i))
const shown = (messages: SupportMessage[], waiting: PendingMessage[] = []): Shown => ({
  messages,
  pending: waiting,
  other_read_seq: 41,
  connection: 'connected',
})
const numbers = ({ messages }: Shown): number[] => {
  const first = blockOf(messages[0]?.seq ?? 0)
  return Array.from({ length: blockOf(messages.at(-1)?.seq ?? 0) - first + 1 }, (_, i) => first + i)
}
const cut = (of: Shown, seen: number, before: Block[] = []): Block[] =>
  numbers(of).map((at, i) => cutBlock(of, at, seen, 50, before[i]))
const drawn = (of: Shown, seen: number): Row[] =>
  cut(of, seen).flatMap((block, i) => rowsOf(numbers(of)[i] ?? 0, block, 'user'))

it('draws in blocks what it would draw in one piece, wherever the loaded messages begin and end', () => {
  for (const [from, to] of [
    [1, 100],
    [7, 64],
    [16, 63],
    [33, 48],
    [47, 49],
    [50, 50],
  ] as const) {
    for (const waiting of [[], [pending]]) {
      const all = shown(loaded(from, to), waiting)
      const whole = toRows(all, 'user', 50)
      const seen = whole.find((row) => row.kind === 'message' && row.entry.seen)
      const seq = seen?.kind === 'message' && 'seq' in seen.entry.message ? seen.entry.message.seq : 0
      expect(drawn(all, seq), `${from} to ${to}`).toEqual(whole)
    }
  }
  expect(drawn(shown([], [pending]), 0)).toEqual(toRows(shown([], [pending]), 'user', 50))
})

it('takes a block over in which nothing has changed', () => {
  const messages = loaded(1, 100)
  const before = cut(shown(messages), 0)
  const same = (after: Block[]): boolean[] => after.map((block, i) => block.messages === before[i]?.messages)
  expect(same(cut(shown([...messages, message(101)]), 0, before))).toEqual([...Array<boolean>(6).fill(true), false])
  const edited = messages.map((one) => (one.seq === 20 ? { ...one, read_at: one.created_at } : one))
  expect(same(cut(shown(edited), 0, before))).toEqual([true, false, true, true, true, true, true])
})

it('finds the message before a block where it is loaded', () => {
  for (const from of [1, 15, 16, 40]) {
    const messages = loaded(from, 70)
    for (const at of numbers(shown(messages)))
      expect(lastBefore(messages, at)).toBe(messages.findLast(({ seq }) => blockOf(seq) < at))
  }
  expect(lastBefore([], 0)).toBeUndefined()
})
