import { expect, it } from 'vitest'
import type { Colleague } from '../../protocol/types.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { ColleaguesHere } from './colleagues-here.ts'

const colleague = (id: string, online: boolean): Colleague => ({ id, name: null, online })

it('asks once for a burst, again after a while, and takes nobody for being there while the server does not answer', async () => {
  const clock = new FakeClock()
  let answer: readonly Colleague[] | null = [colleague('kim', true), colleague('lee', false)]
  let asked = 0
  const here = new ColleaguesHere(async () => {
    asked++
    return answer ?? Promise.reject(new Error('away'))
  }, clock)
  expect(await Promise.all(['kim', 'lee', 'gone'].map((id) => here.has(id)))).toEqual([true, false, false])
  await clock.advance(9_999)
  answer = null
  expect(await here.has('kim')).toBe(true)
  expect(asked).toBe(1)
  await clock.advance(1)
  expect(await here.has('kim')).toBe(false)
  answer = [colleague('kim', true)]
  expect(await here.has('kim')).toBe(true)
  expect(asked).toBe(3)
})
