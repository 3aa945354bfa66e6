import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sizesOnDisk, tableIn } from '../../tools/driver-costs.ts'

const table = tableIn(readFileSync(join(import.meta.dirname, '../../docs/operating.md'), 'utf8'))
const sizes = sizesOnDisk()

it('The guide has a row for every driver', () => {
  expect([...table.keys()]).toEqual([...sizes.keys()])
})

it.each([...sizes])('The guide says how much disk it takes: %s', (use, { packages, megabytes }) => {
  const [, count, size] = table.get(use) ?? []
  expect(Number(count)).toBe(packages)
  // Rounded, and a patch release may be a little larger
  expect(Math.abs(Number(size) - megabytes)).toBeLessThan(0.06 + megabytes / 20)
})
