import { expect, it } from 'vitest'
import type { MailBlock } from '../../protocol/types.ts'
import { repliesByEmail } from './replies-by-email.ts'

const AT = '2026-01-01T00:00:00.000Z'
const VISITOR = `visitor:${'a'.repeat(43)}`

const told = (user_email: string, known: { unsubscribed?: string; block?: MailBlock } = {}, user_id = 'ada') =>
  repliesByEmail(
    { unsubscribedAt: async () => known.unsubscribed ?? null, mailBlock: async () => known.block ?? null },
    { user_id, user_email },
  )

it('is said to those who have an address, want mails, and whom mails reach', async () => {
  const block: MailBlock = { kind: 'bounced', at: AT, reason: null }
  expect([
    await told('ada@example.com'),
    await told(''),
    await told('ada'),
    await told('ada@example.com', { unsubscribed: AT }),
    await told('ada@example.com', { block }),
  ]).toEqual([true, false, false, false, false])
})

it('tells a visitor nothing about the address that they typed', async () => {
  const known = { unsubscribed: AT, block: { kind: 'bounced', at: AT, reason: null } as const }
  expect([await told('ada@example.com', known, VISITOR), await told('', known, VISITOR)]).toEqual([true, false])
})
