import { describe, expect, it } from 'vitest'
import { typedAt } from './typed-reply.ts'

describe('a slash', () => {
  it.each([
    ['/|', { from: 0, query: '' }],
    ['/hel|lo', { from: 0, query: 'hel' }],
    ['Hi,\n/two words|', { from: 4, query: 'two words' }],
    ['Hi /|', null],
    ['|/', null],
    ['/a\n|', null],
    ['https://|', null],
    ['//|', null],
    ['/etc/passwd|', null],
    [`/${'x'.repeat(81)}|`, null],
  ])('%j', (marked, typed) => expect(typedAt(marked.replace('|', ''), marked.indexOf('|'))).toEqual(typed))
})
