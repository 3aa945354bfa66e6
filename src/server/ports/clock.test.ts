import fc from 'fast-check'
import { expect, it } from 'vitest'
import { afterRunning, isoTime } from './clock.ts'

const STANDSTILL = new Int32Array(new SharedArrayBuffer(4))

it('a time limit is not over because the process stood still, and is over after its time', async () => {
  const steps: string[] = []
  const turns = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) await new Promise((resolve) => setImmediate(resolve))
  }
  await new Promise<void>((resolve) => {
    afterRunning(100, () => {
      steps.push('over')
      resolve()
    })
    Atomics.wait(STANDSTILL, 0, 0, 300)
    // As for several answers, each to a question that follows the one before
    void turns(5).then(() => steps.push('answered'))
  })
  expect(steps).toEqual(['answered', 'over'])
})

it('a time limit that is canceled ends nothing', async () => {
  const cancel = afterRunning(5, () => expect.fail('It was canceled'))
  cancel()
  await new Promise<void>((resolve) => void afterRunning(50, resolve))
})

it('a time is written as a date writes it, whatever day was written before', () => {
  const FARTHEST = 8.64e15
  const times = fc.oneof(
    fc.double({ min: -FARTHEST, max: FARTHEST, noNaN: true }),
    fc.integer({ min: 0, max: 2 ** 41 }),
    fc.constantFrom(0, -1, 86_399_999, 86_400_000, Date.UTC(2024, 1, 29), Date.UTC(10_000, 0), -FARTHEST, FARTHEST),
  )
  const isWritten = fc.property(times, (time) => isoTime(time) === new Date(time).toISOString())
  fc.assert(isWritten, { numRuns: 2_000 })
  for (const time of [NaN, Infinity, 2 * FARTHEST]) expect(() => isoTime(time)).toThrow(RangeError)
  expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z')
})
