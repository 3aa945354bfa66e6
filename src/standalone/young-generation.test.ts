import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const MODULE = join(import.meta.dirname, 'young-generation.ts')

/** What a process says of its young generation, in bytes, after hundreds of megabytes of which a part lives for a while */
function afterAStorm(limit: boolean): { size: number; atMost: number } {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8'
    import { setImmediate as turn } from 'node:timers/promises'
    import { limitYoungGeneration, YOUNG_AT_MOST } from ${JSON.stringify(MODULE)}
    if (${limit}) limitYoungGeneration([])
    const alive = []
    for (let n = 0; n < 4_000; n++) {
      alive[n % 500] = Array.from({ length: 1_000 }, (_, i) => ({ n, i }))
      await turn()
    }
    const { space_size: size } = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
    console.log(JSON.stringify({ size, atMost: YOUNG_AT_MOST }))
  `
  const flags = ['--max-semi-space-size=64', '--input-type=module', '-e', program]
  return JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8' })) as { size: number; atMost: number }
}

it('the young generation stays within its limit while much is allocated, and would not without it', () => {
  const { size, atMost } = afterAStorm(true)
  expect(size).toBeLessThanOrEqual(atMost)
  expect(afterAStorm(false).size).toBeGreaterThan(atMost)
})

it('what the start took is given back, of the young generation too', () => {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8'
    import { giveBackAfterStart } from ${JSON.stringify(MODULE)}
    const young = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size
    const alive = []
    for (let n = 0; n < 500; n++) alive[n] = Array.from({ length: 1_000 }, (_, i) => ({ n, i }))
    const before = young()
    giveBackAfterStart()
    console.log(JSON.stringify({ before, after: young(), shows: 'gc' in globalThis }))
  `
  const flags = ['--max-semi-space-size=16', '--input-type=module', '-e', program]
  const said = execFileSync(process.execPath, flags, { encoding: 'utf8' })
  const { before, after, shows } = JSON.parse(said) as { before: number; after: number; shows: boolean }
  expect(after).toBeLessThan(before / 4)
  expect(shows).toBe(false)
})
