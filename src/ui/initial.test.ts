import { expect, it } from 'vitest'
import { initial } from './initial.ts'

it.each([
  ['ada', 'A'],
  ['“ada”', 'A'],
  [' (4) ada', '4'],
  ['élan', 'É'],
  ['e\u0301lan', 'E\u0301'],
  ['ßen', 'ß'],
  ['ﬁona', 'ﬁ'],
  ['ნინო', 'ნ'],
  ['👩‍👩‍👧‍👦 family', '👩‍👩‍👧‍👦'],
  ['👍🏽', '👍🏽'],
  ['🇩🇪', '🇩🇪'],
  ['𝒜da', '𝒜'],
  ['محمد', 'م'],
  ['김철수', '김'],
  ['김'.normalize('NFD'), '김'.normalize('NFD')],
  ['निखिल', 'नि'],
  ['\u200f\u202e .-', '?'],
  ['…', '?'],
  ['', '?'],
])('the initial of %j is %j', (name, expected) => {
  expect(initial(name, 'en')).toBe(expected)
})

it('is a capital of the catalogue’s language, not of the browser’s', () => {
  expect([initial('ilker', 'en'), initial('ilker', 'tr')]).toEqual(['I', 'İ'])
})
