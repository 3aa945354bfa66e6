import { describe, expect, it } from 'vitest'
import type { SupportMessage } from '../../protocol/types.ts'
import {
  decideClaim,
  decideHandover,
  decideOutcome,
  type NotificationFields,
  type NotificationRow,
  type UnreadMessages,
} from './notification.ts'

/** Seconds after a time long ago */
const at = (seconds: number): string => new Date(Date.parse('2026-03-02T09:00:00.000Z') + seconds * 1000).toISOString()
const NOW = 1_000
const QUERY = { kind: 'reply' as const, at: at(NOW), delay: 300_000, lease: 60_000, limit: 20 }

const row = (more: Partial<NotificationRow> = {}): NotificationRow => ({
  kind: 'reply',
  id: 'n',
  chat_id: 'c',
  state: 'pending',
  due_at: at(900),
  after_seq: 0,
  up_to_seq: 0,
  address: null,
  claim: 0,
  refusals: 0,
  reason: null,
  user_id: 'u',
  email: 'u@example.com',
  name: 'U',
  page_url: 'https://shop.example/',
  unsubscribed_at: null,
  block: null,
  typed_mail_id: null,
  typed_mailed_at: null,
  typed_unsubscribed_at: null,
  archived_at: null,
  assignee_id: null,
  assignee_name: null,
  last_seq: 9,
  seen_seq: 4,
  notified_seq: 2,
  pending_due_at: null,
  ...more,
})
const claimed = (more: Partial<NotificationRow> = {}): NotificationRow =>
  row({ state: 'claimed', claim: 3, after_seq: 4, up_to_seq: 8, address: 'u@example.com', refusals: 1, ...more })
const MINE = { kind: 'reply' as const, id: 'n', chat_id: 'c', claim: 3 }

const reply = (seq: number): SupportMessage => ({
  id: `m${seq}`,
  seq,
  content: 'hello',
  sender_type: 'admin',
  sender_name: null,
  client_id: null,
  read_at: null,
  attachments: [],
  created_at: at(500),
})
const unread = (more: Partial<UnreadMessages> = {}): UnreadMessages => ({
  count: 2,
  oldest: at(500),
  newest: reply(8),
  ...more,
})
const NOTHING: UnreadMessages = { count: 0, oldest: null, newest: undefined }

/** What a change writes that was not there before */
function changed(before: NotificationRow, { fields }: { fields: NotificationFields & { updated_at: string } }) {
  expect(fields.updated_at).toBe(at(NOW))
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => name !== 'updated_at' && value !== before[name as 'state']),
  )
}

describe('A notification that is due', () => {
  it('is claimed for one lease, about the replies that are unread and that no mail was about', () => {
    const before = row()
    const { change, due } = decideClaim(before, unread(), QUERY)
    expect(changed(before, change)).toEqual({
      state: 'claimed',
      due_at: at(NOW + 60),
      after_seq: 4,
      up_to_seq: 8,
      address: 'u@example.com',
      claim: 1,
    })
    expect(change).toMatchObject({ replacesPending: false })
    expect(change.notifiedSeq).toBeUndefined()
    expect(due).toEqual({
      kind: 'reply',
      assignee: null,
      id: 'n',
      claim: 1,
      chat_id: 'c',
      person: { id: 'u', email: 'u@example.com', name: 'U' },
      message: reply(8),
      unread: 2,
      page_url: 'https://shop.example/',
      refusals: 0,
    })
    expect(decideClaim(row({ notified_seq: 6 }), unread(), QUERY).change.fields.after_seq).toBe(6)
  })

  it.each([
    ['unsubscribed', { unsubscribed_at: at(1) }, unread()],
    ['archived', { archived_at: at(1) }, unread()],
    ['unsubscribed', { unsubscribed_at: at(1), archived_at: at(1) }, NOTHING],
    ['no_address', { email: '' }, unread()],
    ['no_address', { email: 'ada@example.com, victim@example.com' }, unread()],
    ['read', {}, NOTHING],
  ])('is skipped for everything there is when it was %s', (reason, more, facts) => {
    const before = row(more)
    const { change, due } = decideClaim(before, facts, QUERY)
    expect(changed(before, change)).toEqual({ state: 'skipped', reason, after_seq: 2, up_to_seq: 9 })
    expect(due).toBeUndefined()
  })

  it('moves to when the oldest unread reply has waited its full delay, with its tries anew', () => {
    const before = row({ refusals: 2, reason: 'down' })
    const { change, due } = decideClaim(before, unread({ oldest: at(NOW - 299) }), QUERY)
    expect(changed(before, change)).toEqual({ due_at: at(NOW + 1), refusals: 0, reason: null })
    expect(due).toBeUndefined()
    expect(decideClaim(before, unread({ oldest: at(NOW - 300) }), QUERY).due).toBeDefined()
  })

  it('is uncertain when its lease ran out after the handover, whatever else is true', () => {
    for (const before of [
      row({ state: 'sending' }),
      row({ state: 'sending', archived_at: at(1), pending_due_at: at(1) }),
    ]) {
      const { change, due } = decideClaim(before, unread(), QUERY)
      expect(changed(before, change)).toEqual({ state: 'uncertain', reason: expect.stringContaining('lost') as string })
      expect(change.replacesPending).toBe(false)
      expect(due).toBeUndefined()
    }
  })

  it('is claimed anew when its claim was lost, together with what came since', () => {
    const { change, due } = decideClaim(claimed({ pending_due_at: at(2_000) }), unread({ newest: reply(9) }), QUERY)
    expect(change).toMatchObject({ replacesPending: true, fields: { claim: 4, up_to_seq: 9 } })
    expect(due).toMatchObject({ claim: 4, refusals: 0 })
    for (const more of [{ archived_at: at(1) }, {}]) {
      const lost = claimed({ ...more, pending_due_at: at(2_000) })
      expect(decideClaim(lost, NOTHING, QUERY).change).toMatchObject({
        replacesPending: true,
        fields: { state: 'skipped' },
      })
    }
    expect(decideClaim(claimed(), unread(), QUERY).change.replacesPending).toBe(false)
  })

  it('keeps its refusals for the same replies, and counts anew when a reply came since', () => {
    const refused = row({ refusals: 2, up_to_seq: 8 })
    expect(decideClaim(refused, unread({ newest: reply(8) }), QUERY).due?.refusals).toBe(2)
    expect(decideClaim(refused, unread({ newest: reply(9) }), QUERY).due?.refusals).toBe(0)
  })
})

describe('A handover', () => {
  const handOver = (before: NotificationRow, told = { mailed: 2, unread: 2 }, claim = MINE) =>
    decideHandover(before, claim, told, at(NOW), 60_000)

  it('marks the mail as being sent for another lease, and its replies as told', () => {
    const before = claimed()
    const change = handOver(before) ?? expect.fail()
    expect(changed(before, change)).toEqual({ state: 'sending', due_at: at(NOW + 60) })
    expect(change).toMatchObject({ notifiedSeq: 8, replacesPending: false })
  })

  it('changes nothing for a claim that is not held', () => {
    expect(handOver(claimed(), undefined, { ...MINE, claim: 2 })).toBeUndefined()
    for (const state of ['pending', 'sending', 'sent', 'uncertain', 'failed', 'skipped'] as const)
      expect(handOver(claimed({ state }))).toBeUndefined()
  })

  it.each([
    ['unsubscribed', { unsubscribed_at: at(1) }, { mailed: 2, unread: 2 }],
    ['archived', { archived_at: at(1) }, { mailed: 2, unread: 1 }],
    ['no_address', { email: 'no-at-sign' }, { mailed: 2, unread: 2 }],
    ['read', {}, { mailed: 2, unread: 0 }],
  ])('is refused for good when it was %s meanwhile', (reason, more, told) => {
    const before = claimed({ ...more, pending_due_at: at(2_000) })
    const change = handOver(before, told) ?? expect.fail()
    expect(changed(before, change)).toEqual({ state: 'skipped', reason })
    expect(change.replacesPending).toBe(false)
    expect(change.notifiedSeq).toBeUndefined()
  })

  it('is refused when a part was read meanwhile, and the rest is due at once or with what came since', () => {
    for (const [pending_due_at, due_at] of [
      [null, at(NOW)],
      [at(NOW + 50), at(NOW)],
      [at(NOW - 50), at(NOW - 50)],
    ]) {
      const before = claimed({ pending_due_at: pending_due_at ?? null })
      const change = handOver(before, { mailed: 2, unread: 1 }) ?? expect.fail()
      expect(changed(before, change)).toEqual({ state: 'pending', due_at })
      expect(change.replacesPending).toBe(pending_due_at !== null)
      expect(change.notifiedSeq).toBeUndefined()
    }
  })
})

describe("A provider's answer", () => {
  const RETRY = { state: 'retry', retry_at: at(NOW + 30), reason: 'down' } as const
  const FAILED = { state: 'failed', reason: 'no such address' } as const
  const settle = (before: NotificationRow, outcome: Parameters<typeof decideOutcome>[2], claim = MINE) =>
    decideOutcome(before, claim, outcome, at(NOW))

  it('ends the notification as sent, or as uncertain', () => {
    const before = claimed({ state: 'sending', reason: 'down' })
    expect(changed(before, settle(before, { state: 'sent' }) ?? expect.fail())).toEqual({ state: 'sent', reason: null })
    const lost = settle(before, { state: 'uncertain', reason: 'timed out' }) ?? expect.fail()
    expect(changed(before, lost)).toEqual({ state: 'uncertain', reason: 'timed out' })
    expect(lost.notifiedSeq).toBeUndefined()
  })

  it('changes nothing for a claim that is not held', () => {
    for (const outcome of [{ state: 'sent' } as const, RETRY, FAILED]) {
      expect(settle(claimed(), outcome, { ...MINE, claim: 2 })).toBeUndefined()
      for (const state of ['pending', 'sent', 'failed', 'skipped'] as const)
        expect(settle(claimed({ state }), outcome)).toBeUndefined()
    }
  })

  it('is believed after the notification was uncertain only when it is good', () => {
    const before = claimed({ state: 'uncertain' })
    for (const outcome of [RETRY, FAILED, { state: 'uncertain', reason: 'x' } as const])
      expect(settle(before, outcome)).toBeUndefined()
    expect(settle(before, { state: 'sent' })?.fields.state).toBe('sent')
  })

  it.each([
    ['claimed', undefined],
    ['sending', 4],
  ] as const)('that refuses a mail that is %s makes its replies untold and due again', (state, notifiedSeq) => {
    for (const [pending_due_at, due_at] of [
      [null, at(NOW + 30)],
      [at(NOW + 40), at(NOW + 30)],
      [at(NOW + 20), at(NOW + 20)],
    ]) {
      const before = claimed({ state, pending_due_at: pending_due_at ?? null })
      const change = settle(before, RETRY) ?? expect.fail()
      expect(changed(before, change)).toEqual({ state: 'pending', due_at, refusals: 2, reason: 'down' })
      expect(change.replacesPending).toBe(pending_due_at !== null)
      expect(change.notifiedSeq).toBe(notifiedSeq)
    }
  })

  it('that refuses for the last time leaves the replies to the mail about a later one', () => {
    const before = claimed({ state: 'sending', pending_due_at: at(NOW + 40) })
    const change = settle(before, FAILED) ?? expect.fail()
    expect(changed(before, change)).toEqual({ state: 'failed', refusals: 2, reason: 'no such address' })
    expect(change).toMatchObject({ replacesPending: false, notifiedSeq: 4 })
    expect(settle(claimed(), FAILED)?.notifiedSeq).toBeUndefined()
  })
})
