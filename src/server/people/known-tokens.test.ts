import { expect, it } from 'vitest'
import type { Identity } from './identity.ts'
import { HALF, KnownTokens } from './known-tokens.ts'

const ada = (expiresAt: number): Identity => ({ id: 'ada', role: 'user', email: '', name: null, expiresAt })

it('knows a token until it expires', () => {
  const known = new KnownTokens()
  known.add('good', ada(Date.now() + 60_000))
  known.add('expired', ada(Date.now() - 1))
  expect(known.get('good')).toMatchObject({ id: 'ada' })
  expect(known.get('expired')).toBeUndefined()
  expect(known.get('another')).toBeUndefined()
})

it('knows the latest ones, and never more than two halves', () => {
  const known = new KnownTokens()
  const count = 5 * HALF + 1
  for (let i = 0; i < count; i++) known.add(`token ${i}`, ada(Infinity))
  expect(known.get(`token ${count - HALF}`)).toBeDefined()
  expect(known.get('token 0')).toBeUndefined()
  expect(known.size).toBeLessThanOrEqual(2 * HALF)
})
