import { expect, it } from 'vitest'
import { hueOf } from './hue-of.ts'

it('A word has the same hue everywhere, and many words have many hues', () => {
  expect(hueOf('vip')).toBe(hueOf('vip'))
  const hues = Array.from({ length: 200 }, (_, i) => hueOf(`tag ${i}`))
  for (const hue of hues) expect(hue).toBeGreaterThanOrEqual(0)
  expect(Math.max(...hues)).toBeLessThan(360)
  expect(new Set(hues.map((hue) => Math.floor(hue / 30))).size).toBe(12)
})
