import { expect, it } from 'vitest'
import { afterRunning } from './clock.ts'

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
