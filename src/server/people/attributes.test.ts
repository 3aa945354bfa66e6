import { describe, expect, it } from 'vitest'
import { attributesOf } from './attributes.ts'

const COMPANY = 'Long '.repeat(60)
const LINK = `https://admin.example.com/${'x'.repeat(200)}`
const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`a${i}`, i]))

describe('attributes', () => {
  it.each<[string, unknown, unknown]>([
    ['are texts, numbers and booleans, in their order', { z: 'Pro', a: 0, b: false }, { z: 'Pro', a: 0, b: false }],
    ['are on one line', { 'pl\nan': ' Pro\r\nBcc: x ' }, { 'pl an': 'Pro Bcc: x' }],
    ['do not turn the text around them', { plan: '\u202eorP' }, { plan: 'orP' }],
    ['are well-formed', { 'a\ud800': 'b\udfff' }, { 'a\ufffd': 'b\ufffd' }],
    ['leave out what the host has no value for', { a: null, b: undefined, c: '', d: ' ' }, {}],
    ['are none in an empty object', {}, {}],
    ['stay as they are when none are given', undefined, undefined],
    ['stay as they are with null', null, undefined],
    [
      'may have as many characters as allowed',
      { ['n'.repeat(40)]: 'v'.repeat(200) },
      { ['n'.repeat(40)]: 'v'.repeat(200) },
    ],
  ])('%s', (_title, given, attributes) => {
    const read = attributesOf(given)
    expect(read.attributes && Object.entries(read.attributes)).toEqual(attributes && Object.entries(attributes))
    expect(read.problems).toEqual([])
  })

  it.each<[string, unknown, unknown, string]>([
    [
      'a long text is cut',
      { company: COMPANY },
      { company: COMPANY.slice(0, 199) },
      '“company” has more than 200 characters, and is cut',
    ],
    [
      'a long link is left out, since its start leads elsewhere',
      { a: 1, user: LINK },
      { a: 1 },
      '“user” has more than 200 characters, and is left out',
    ],
    [
      'a long name is left out',
      { ['n'.repeat(41)]: 1, b: 2 },
      { b: 2 },
      `the name “${'n'.repeat(40)}” must have 1 to 40 characters`,
    ],
    ['an empty name is left out', { ' ': 1 }, {}, 'the name “” must have 1 to 40 characters'],
    ['a list is left out', { tags: ['a'] }, {}, '“tags” must be text, a finite number or a boolean'],
    ['NaN is left out', { seats: NaN }, {}, '“seats” must be text, a finite number or a boolean'],
    ['a date is left out', { since: new Date(0) }, {}, '“since” must be text, a finite number or a boolean'],
    ['the first thirty of too many are kept', many(33), many(30), 'there are 33, and the first 30 are shown'],
    ['a text instead of an object changes nothing', 'plan', undefined, 'they must be an object of names and values'],
    ['a list instead of an object changes nothing', ['plan'], undefined, 'they must be an object of names and values'],
  ])('%s, and the host reads why', (_title, given, attributes, problem) => {
    expect(attributesOf(given)).toEqual({ attributes, problems: [problem] })
  })

  it('cannot change what an object is', () => {
    const { attributes } = attributesOf(JSON.parse('{"__proto__":"x","constructor":"y"}'))
    expect(JSON.stringify(attributes)).toBe('{"__proto__":"x","constructor":"y"}')
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype)
  })
})
