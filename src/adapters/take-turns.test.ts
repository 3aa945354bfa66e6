import { expect, it } from 'vitest'
import { takeTurns } from './take-turns.ts'

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('lets so much begin in each turn, and in its order', async () => {
  const turn = takeTurns(2)
  const begun: number[] = []
  const begin = async (n: number): Promise<void> => {
    await turn()
    begun.push(n)
  }
  for (let n = 1; n <= 5; n++) void begin(n)
  await Promise.resolve()
  expect(begun).toEqual([1, 2])
  await nextTurn()
  expect(begun).toEqual([1, 2, 3, 4])
  // A later caller waits behind those already in the queue
  void begin(6)
  await nextTurn()
  expect(begun).toEqual([1, 2, 3, 4, 5, 6])
  await nextTurn()
  expect(turn()).toBeUndefined()
})
