import { expect, it } from 'vitest'
import { claimKeys } from './claims.ts'

it('takes each key once in its time', () => {
  const first = claimKeys(null, ['ada 1', 'bob 1'], 1_000, 5_000)
  expect(first.isFree).toEqual([true, true])
  const second = claimKeys(first.text, ['bob 1', 'cyd 1'], 1_000, 5_999)
  expect(second.isFree).toEqual([false, true])
  expect(claimKeys(second.text, ['ada 1', 'bob 1', 'cyd 1'], 1_000, 6_000).isFree).toEqual([true, true, false])
})

it('knows all of 200 chats that come back with a connection, for whatever tab asks next', () => {
  const chats = Array.from({ length: 200 }, (_, n) => `chat ${n} 2026-03-02T09:00:00.000Z`)
  const { text } = claimKeys(null, chats, 60_000, 0)
  const { text: later } = claimKeys(text, ['sound'], 3_000, 1)
  expect(claimKeys(later, chats, 60_000, 2).isFree).toEqual(chats.map(() => false))
})

it('forgets the oldest of thousands, and is not misled by what something else wrote there', () => {
  let text: string | null = 'ada 1\nbob 1'
  for (let n = 0; n < 30; n++) {
    const keys = Array.from({ length: 100 }, (_, i) => `${n} ${i}`)
    text = claimKeys(text, keys, 60_000, n).text
  }
  expect(text?.split('\n')).toHaveLength(2_000)
  expect(claimKeys(text, ['0 0', '29 99'], 60_000, 30).isFree).toEqual([true, false])
})
