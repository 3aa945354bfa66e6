import { expect, it } from 'vitest'
import { IssuedAhead } from './issued-ahead.ts'

const NOW = Date.parse('2026-01-01T12:00:00Z')
const person = (id: string, issuedAt: number) =>
  ({ id, role: 'user', email: '', name: null, expiresAt: null, issuedAt }) as const

it('reaches the tokens that were seen before a revocation, and no later ones', () => {
  const ahead = new IssuedAhead()
  ahead.saw(person('ada', NOW + 5_000), NOW)
  ahead.saw(person('ada', NOW + 9_500), NOW + 100)
  expect(ahead.reach('user:ada', NOW)).toBe(NOW + 6_000)
  expect(ahead.reach('user:ada', NOW + 100)).toBe(NOW + 9_501)
  expect(ahead.reach('user:bob', NOW)).toBe(NOW)
})

it('forgets tokens whose time has come long ago', () => {
  const ahead = new IssuedAhead()
  for (let i = 0; i < 100; i++) ahead.saw(person(`early${i}`, NOW + 1_000), NOW)
  expect(ahead.size).toBe(100)
  ahead.saw(person('late', NOW + 120_000), NOW + 60_000)
  expect(ahead.size).toBe(1)
})
