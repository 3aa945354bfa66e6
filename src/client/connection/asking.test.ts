import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { asking } from './asking.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('all who need a token at the same time get the same answer, and the next one another', async () => {
  let asked = 0
  const ask = asking(async () => `${++asked}`)
  expect(await Promise.all([ask(), ask()])).toEqual(['1', '1'])
  expect(await ask()).toBe('2')
  expect(vi.getTimerCount()).toBe(0)
})

test('a page that does not answer in the time of a request is asked again, and what it says later is nobody’s', async () => {
  const first = Promise.withResolvers<string>()
  const page = vi.fn<() => Promise<string | null>>()
  page.mockReturnValueOnce(first.promise).mockRejectedValueOnce(new Error('No session')).mockResolvedValueOnce('second')
  const ask = asking(page)
  const late = expect(ask()).rejects.toThrow('No token came')
  await vi.advanceTimersByTimeAsync(19_999)
  const joined = expect(ask()).rejects.toThrow('No token came')
  await vi.advanceTimersByTimeAsync(1)
  await Promise.all([late, joined])
  await expect(ask()).rejects.toThrow('No session')
  const second = ask()
  first.resolve('first')
  expect(await second).toBe('second')
})
