// Test processes run at the same time, and each starts servers on ports that it was given a while ago.
import { expect, it, vi } from 'vitest'

it('no two processes are given the same port, though nothing listens on it yet', async () => {
  const given: number[] = []
  for (let n = 0; n < 3; n++) {
    // As another process would, which has the same id
    vi.resetModules()
    const { freePort } = await import('./support/ports.ts')
    given.push(...(await Promise.all(Array.from({ length: 70 }, freePort))))
  }
  expect(new Set(given).size).toBe(given.length)
})
