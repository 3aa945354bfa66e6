import { expect, it } from 'vitest'
import { mailNews } from './mail-activity.ts'

it('keeps what a mail service said short, in whole characters', () => {
  const before = { state: 'sent', address: 'ada@example.com', delivery: null, delivery_at: null } as const
  const said = (delivery_reason: string | null) =>
    mailNews(before, { state: 'sent', delivery: 'bounced', delivery_at: '2026-11-27T10:00:00.000Z', delivery_reason })
  const body = (reason: string | null) => ({
    kind: 'mail_bounced',
    body: { address: 'ada@example.com', delivery: 'bounced', reason },
  })
  for (const reason of [null, '550 No such user', 'x'.repeat(300)]) expect(said(reason)).toEqual(body(reason))
  expect(said(`${'x'.repeat(298)}👩‍👩‍👧${'y'.repeat(300)}`)).toEqual(body(`${'x'.repeat(298)}…`))
})
