import { expect, it } from 'vitest'
import { Looks } from './looks.ts'

const look = (id: string, until: number, more: { writing?: 'reply' | 'note'; isHere?: boolean } = {}) => ({
  looking: { id, name: id, writing: more.writing ?? null },
  until,
  isHere: more.isHere ?? true,
})

it('tell who is there, once each, and what changed of it', () => {
  const looks = new Looks()
  expect([looks.isEmpty, looks.set(look('sam', 10)), looks.set(look('sam', 20))]).toEqual([true, 'newcomer', 'same'])
  expect(looks.set(look('sam', 20, { writing: 'note' }))).toBe('changed')
  expect(looks.set(look('bob', 20, { isHere: false }))).toBe('newcomer')
  expect(looks.told).toEqual([
    { id: 'sam', name: 'sam', writing: 'note' },
    { id: 'bob', name: 'bob', writing: null },
  ])
  expect(looks.here.map(({ id }) => id)).toEqual(['sam'])
})

it('end when nobody repeats them, or where they were said', () => {
  const looks = new Looks()
  looks.set(look('sam', 10))
  looks.set(look('bob', 20, { isHere: false }))
  expect([looks.drop('bob', true), looks.drop('nobody', false)]).toEqual([false, false])
  expect([looks.expire(9), looks.expire(10), looks.expire(10)]).toEqual([false, true, false])
  expect([looks.drop('bob', false), looks.isEmpty]).toEqual([true, true])
})

it('tell a limited number, however many there are', () => {
  const looks = new Looks()
  for (let i = 0; i < 100; i++) looks.set(look(`${i}`, 10))
  expect(looks.told).toHaveLength(20)
})
