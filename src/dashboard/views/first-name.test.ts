import { expect, it } from 'vitest'
import { firstName } from './first-name.ts'

it.each([
  ['Ana María López', 'Ana'],
  ['Ana', 'Ana'],
  ['Jean-Luc Picard', 'Jean-Luc'],
  ['Dr. Lee', 'Dr. Lee'],
  ['J. R. Hartley', 'J. R. Hartley'],
  ['مريم الحداد', 'مريم'],
  ['山田 太郎', '山田'],
  ['山田太郎', '山田太郎'],
  ['🌻 Flora', '🌻'],
])('the first name of %s is %s', (name, first) => {
  expect(firstName(name)).toBe(first)
})
