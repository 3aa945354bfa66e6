import { describe, expect, it } from 'vitest'
import type { SupportActivity } from '../../protocol/activity.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import { blockOf, cutBlock, rowsOf } from '../../ui/blocks.ts'
import { activityByBlock, withActivity, type ThreadRow } from './thread-rows.ts'

/** A local time, so that days are those of the reader */
const at = (day: number, minute: number): string => new Date(2026, 2, day, 9, minute).toISOString()

const message = (seq: number, created_at: string): SupportMessage => ({
  id: `m${seq}`,
  seq,
  content: `message ${seq}`,
  sender_type: 'user',
  sender_name: 'Ada',
  client_id: null,
  attachments: [],
  read_at: created_at,
  created_at,
})
const note = (seq: number, created_at: string): SupportActivity => ({
  id: `a${seq}`,
  seq,
  kind: 'note',
  actor_id: 'sam',
  actor_name: 'Sam',
  body: { content: `note ${seq}` },
  client_id: null,
  created_at,
})

/** What a thread of these draws, over all its blocks: m1, a1, a day, and < > around runs */
function drawn(messages: SupportMessage[], activities: SupportActivity[], hasMore = false): string[] {
  const byBlock = activityByBlock(messages, hasMore, activities)
  const state = { messages, pending: [], other_read_seq: 0, connection: 'connected' } as const
  const [first, last] = [blockOf(messages[0]?.seq ?? 0), blockOf(messages.at(-1)?.seq ?? 0)]
  const out: string[] = []
  for (let block = first; block <= last; block++) {
    const before = messages.findLast(({ seq }) => blockOf(seq) < block)?.created_at ?? ''
    const happened = byBlock.get(block - 1)?.at(-1)?.created_at ?? ''
    const above = { at: (before > happened ? before : happened) || null, isActivity: happened > before }
    out.push(
      ...withActivity(rowsOf(block, cutBlock(state, block, 0, null), 'admin'), byBlock.get(block) ?? [], above).map(
        short,
      ),
    )
  }
  return out
}
function short(row: ThreadRow): string {
  if (row.kind === 'activity') return `a${row.activity.seq}`
  if (row.kind !== 'message') return row.kind
  const { first, last, message: one } = row.entry
  return `${first ? '<' : ''}${'id' in one ? one.id : 'pending'}${last ? '>' : ''}`
}

describe('the thread', () => {
  it('shows messages and activity in one order of time, and what a message caused before it', () => {
    const messages = [message(1, at(2, 1)), message(2, at(2, 2)), message(3, at(2, 4))]
    const activities = [note(1, at(2, 0)), note(2, at(2, 2)), note(3, at(2, 3)), note(4, at(2, 9))]
    expect(drawn(messages, activities)).toEqual(['day', 'a1', '<m1>', 'a2', '<m2>', 'a3', '<m3>', 'a4'])
  })

  it('leaves runs whole where nothing stands between them', () => {
    const messages = [message(1, at(2, 1)), message(2, at(2, 2)), message(3, at(2, 3))]
    expect(drawn(messages, [note(1, at(2, 9))])).toEqual(['day', '<m1', 'm2', 'm3>', 'a1'])
  })

  it('shows each day once, also one on which only staff did something', () => {
    const messages = [message(1, at(2, 1)), message(2, at(4, 1))]
    const activities = [note(1, at(3, 0)), note(2, at(3, 5)), note(3, at(4, 0)), note(4, at(5, 0))]
    expect(drawn(messages, activities)).toEqual(['day', '<m1>', 'day', 'a1', 'a2', 'day', 'a3', '<m2>', 'day', 'a4'])
  })

  it('is the same where blocks meet, whatever stands between them', () => {
    // A block has sixteen messages
    const messages = Array.from({ length: 34 }, (_, i) => message(i + 1, at(i < 20 ? 2 : 3, i)))
    const activities = [
      note(1, new Date(Date.parse(at(2, 14)) + 1).toISOString()),
      note(2, at(3, 19)),
      note(3, at(3, 31)),
    ]
    const rows = drawn(messages, activities)
    expect(rows.filter((row) => row === 'day')).toHaveLength(2)
    expect(rows.slice(rows.indexOf('a1') - 1, rows.indexOf('a1') + 2)).toEqual(['m15>', 'a1', '<m16'])
    expect(rows.slice(rows.indexOf('a2') - 2, rows.indexOf('a2') + 2)).toEqual(['m20>', 'day', 'a2', '<m21'])
    expect(rows.slice(rows.indexOf('a3') - 1, rows.indexOf('a3') + 2)).toEqual(['m31>', 'a3', '<m32'])
  })

  it('keeps back what happened among messages that are not loaded', () => {
    const messages = [message(40, at(2, 5)), message(41, at(2, 7))]
    const activities = [note(1, at(2, 1)), note(2, at(2, 6))]
    expect(drawn(messages, activities, true)).toEqual(['day', '<m40>', 'a2', '<m41>'])
    expect(drawn([], activities)).toEqual(['day', 'a1', 'a2'])
  })
})
