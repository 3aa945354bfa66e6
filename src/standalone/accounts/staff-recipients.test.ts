import { expect, it } from 'vitest'
import { staffRecipients } from './staff-recipients.ts'

const seen = (minute: number): string => `2026-03-02T09:${String(minute).padStart(2, '0')}:00.000Z`
const member = (id: string, minute: number, off = false) => ({
  id,
  email: `${id}@desk.example`,
  last_seen_at: seen(minute),
  mails_off_at: off ? seen(0) : null,
})
const TEAM = [member('kim', 1), member('sam', 3), member('off', 2, true)]
const chat = (assignee: string | null) => ({
  chat_id: 'c',
  user: { id: 'u', email: '', name: null },
  waiting: 1,
  assignee: assignee === null ? null : { id: assignee, name: null },
})
const whom = (assignee: string | null, { addresses = [] as string[], team = true, members = TEAM } = {}) =>
  staffRecipients({ addresses, team, members: async () => members })(chat(assignee))

it('is everybody who wants it, whoever was here last first, where nobody has the chat', async () => {
  expect(await whom(null)).toEqual(['sam@desk.example', 'kim@desk.example'])
  expect(await whom(null, { addresses: ['Boss@desk.example', 'OFF@desk.example'] })).toEqual([
    'Boss@desk.example',
    'sam@desk.example',
    'kim@desk.example',
  ])
  expect(await whom(null, { addresses: ['KIM@desk.example'] })).toEqual(['KIM@desk.example', 'sam@desk.example'])
  expect(await whom(null, { addresses: ['boss@desk.example'], team: false })).toEqual(['boss@desk.example'])
})

it('is whoever has the chat, also where only addresses are named', async () => {
  expect(await whom('kim')).toEqual(['kim@desk.example'])
  expect(await whom('kim', { addresses: ['boss@desk.example'], team: false })).toEqual(['kim@desk.example'])
})

it('is everybody else where whoever has the chat wants no mails, or has no account', async () => {
  expect(await whom('off')).toEqual(['sam@desk.example', 'kim@desk.example'])
  expect(await whom('somebody else')).toEqual(['sam@desk.example', 'kim@desk.example'])
})

it('is nobody where nobody wants it, and 20 of a large team', async () => {
  expect(await whom(null, { members: [member('off', 1, true)] })).toEqual([])
  const members = Array.from({ length: 50 }, (_, i) => member(`m${i}`, i))
  const all = await whom(null, { members })
  expect([all.length, all[0]]).toEqual([20, 'm49@desk.example'])
})
