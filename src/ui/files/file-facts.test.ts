import { expect, it } from 'vitest'
import { factsOf, sizeIn } from './file-facts.ts'

it('says how large a file is as people read it', () => {
  const sizes = [0, 1, 5, 999, 1_000, 1_249, 9_950, 99_400, 999_499, 999_500, 26_214_400, 4_200_000_000_000]
  expect(sizes.map((size) => sizeIn('en', size))).toEqual([
    '0 bytes',
    '1 byte',
    '5 bytes',
    '999 bytes',
    '1 kB',
    '1.2 kB',
    '10 kB',
    '99 kB',
    '999 kB',
    '1 MB',
    '26 MB',
    '4,200 GB',
  ])
  expect(factsOf('en', { name: 'notes.txt', size: 12 })).toBe('TXT · 12 bytes')
  expect(factsOf('en', { name: '.profile', size: 12 })).toBe('12 bytes')
})
