import { describe, expect, it } from 'vitest'
import { mainWord, nameMatcher } from './name-search.ts'

const isFound = (q: string, name: string | null): boolean => nameMatcher(q)(name)

describe('a search by name', () => {
  it.each([
    ['anna', 'Anna Rossi'],
    ['ROSSI', 'Anna Rossi'],
    ['rossi anna', 'Anna Rossi'],
    [' an  ro ', 'Anna Rossi'],
    ['an an', 'Anna Rossi'],
    ['élise', 'ÉLISE Åkesson'],
    ['😀', '王小明 😀😀'],
    ['يوسف', 'دانيال يوسف'],
    ['a%', 'A%b'],
    ['.*', '.* x'],
    ['rossi', 'Anna  Rossi'],
    ['cruz mar', 'Juan de la Cruz Hernández Marín'],
    ['juan de la cruz hernández marín', 'Juan de la Cruz Hernández Marín'],
    ['x'.repeat(100), 'x'.repeat(5_000)],
  ])('finds by %j who is called %j', (q, name) => expect(isFound(q, name)).toBe(true))

  it.each([
    ['nna', 'Anna Rossi'],
    ['anna b', 'Anna Rossi'],
    ['a.', 'Anna Rossi'],
    ['%', 'Anna Rossi'],
    ['', 'Anna Rossi'],
    [' ', 'Anna Rossi'],
    ['', ''],
    ['anna', null],
    ['anna', ''],
    ['marín', 'Juan de la Cruz Hernández Marín'],
    ['end', `${'x'.repeat(150)} End`],
    ['x'.repeat(101), 'x'.repeat(5_000)],
  ])('finds by %j nobody called %j', (q, name) => expect(isFound(q, name)).toBe(false))

  it('looks at whole characters of a long name', () => {
    expect(isFound('😀'.repeat(100), '😀'.repeat(101))).toBe(true)
    expect(isFound('😀'.repeat(101), '😀'.repeat(101))).toBe(false)
  })

  it('looks up the longest of the first four words, the first of equals', () => {
    expect(mainWord(' de la Cruz José hernández')).toBe('cruz')
    expect(mainWord(' ')).toBe('')
  })
})
