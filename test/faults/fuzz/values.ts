// Values that have broken somebody's server.
import fc from 'fast-check'

const NUMBERS = [
  '1e999',
  '-1e999',
  '1e308',
  '-0',
  '0.1',
  '-1',
  '9007199254740993',
  '1'.repeat(400),
  '1e-400',
  '2147483648',
]
const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'toJSON',
  '$ne',
  'length',
  '',
]
const TEXTS = [
  '\\u0000',
  '\\ud83d',
  '\\ude00',
  '\\u202e',
  "' OR 1=1 --",
  '%00',
  '../..',
  '<script>',
  '${7*7}',
  '\\ufeff',
  '\\u200b',
]

/** A JSON text: often odd, sometimes none */
export const jsonText: fc.Arbitrary<string> = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.json({ maxDepth: 2, stringUnit: 'binary' }),
  fc.constantFrom(...NUMBERS, 'null', 'true', 'NaN', 'Infinity', 'undefined', '', ' ', '{', '[', '"', '{}', '[]'),
  fc.constantFrom(...TEXTS).map((text) => `"${text}"`),
  fc.constantFrom(...NAMES).chain((name) => fc.json({ maxDepth: 1 }).map((value) => `{"${name}":${value}}`)),
  fc.constantFrom(...NAMES).map((name) => JSON.stringify(name)),
  // As deep as a frame or a body may be
  fc.integer({ min: 1, max: 20_000 }).map((n) => '['.repeat(n) + ']'.repeat(n)),
  fc.integer({ min: 1, max: 9_000 }).map((n) => `${'{"a":'.repeat(n)}1${'}'.repeat(n)}`),
  fc.integer({ min: 1, max: 70_000 }).map((n) => JSON.stringify('x'.repeat(n))),
)

/** An object's text with one of its values replaced, a name doubled, or a piece of it cut out, repeated or changed */
export function mutated(valid: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<string> {
  const replaced = fc.tuple(valid, fc.nat(), jsonText).map(([object, which, value]) => {
    const names = Object.keys(object)
    const name = names[which % names.length]
    return `{${names.map((n) => `${JSON.stringify(n)}:${n === name ? value : JSON.stringify(object[n])}`).join(',')}}`
  })
  const added = fc
    .tuple(valid, fc.oneof(fc.constantFrom(...NAMES), fc.string()), jsonText)
    .map(([object, name, value]) => {
      const text = JSON.stringify(object)
      return `${text.slice(0, -1)}${text === '{}' ? '' : ','}${JSON.stringify(name)}:${value}}`
    })
  const broken = fc
    .tuple(valid, fc.nat(), fc.nat(12), fc.oneof(fc.string(), fc.string({ unit: 'binary' })))
    .map(([object, at, cut, insert]) => {
      const text = JSON.stringify(object)
      const start = at % text.length
      return text.slice(0, start) + insert + text.slice(start + cut)
    })
  const whole = valid.map((object) => JSON.stringify(object))
  return fc.oneof(replaced, added, broken, { weight: 2, arbitrary: whole })
}
