import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LOOK_REPEATS } from '../../protocol/timing.ts'
import { LookSender } from './look-sender.ts'

let said: (string | null)[]
let sender: LookSender
beforeEach(() => {
  vi.useFakeTimers()
  said = []
  sender = new LookSender((writing) => void said.push(writing))
})
afterEach(() => {
  sender.close()
  vi.useRealTimers()
})

it('says that somebody looks at once, again while they attend, and never when they do not', () => {
  sender.write('reply')
  sender.again()
  expect(said).toEqual([])
  sender.write(null)
  sender.attend(true)
  sender.attend(true)
  expect(said).toEqual([null])
  vi.advanceTimersByTime(2 * LOOK_REPEATS)
  expect(said).toEqual([null, null, null])
  sender.attend(false)
  vi.advanceTimersByTime(5 * LOOK_REPEATS)
  expect(said).toHaveLength(3)
})

it('says what they write once, until they have not pressed a key for a while', () => {
  sender.attend(true)
  for (const writing of ['reply', 'reply', 'note'] as const) sender.write(writing)
  expect(said).toEqual([null, 'reply', 'note'])
  vi.advanceTimersByTime(5_000)
  sender.write('note')
  vi.advanceTimersByTime(4_000)
  expect(said.at(-1)).toBe('note')
  vi.advanceTimersByTime(5_000)
  expect(said.at(-1)).toBeNull()
})
