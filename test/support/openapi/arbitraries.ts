// Values that a JSON Schema allows, and values that it does not, for fast-check.
import fc, { type Arbitrary } from 'fast-check'
import type { Schema } from '../../../src/server/openapi/api-document.ts'
import type { Fits } from './checked.ts'

export type Texts = (schema: Schema) => Arbitrary<string>

/** Unicode that every part of the server takes: no NUL, no lone surrogate, and not blank */
export const plainTexts: Texts = (schema) => {
  const minLength = Number(schema['minLength'] ?? 0)
  const maxLength = Math.min(Number(schema['maxLength'] ?? 40), 40)
  return fc
    .string({ unit: 'grapheme', minLength, maxLength })
    .filter((value) => !value.includes('\0') && (minLength === 0 || value.trim() !== ''))
}

/** What a schema of texts allows, and the server may refuse for what it says */
export const oddTexts: Texts = () =>
  fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '\n\t',
      '\u200B\u2060',
      'a\0b',
      '\uD800',
      '\u202Eabc',
      '😀'.repeat(9_000),
      "'; DROP TABLE x --",
      '"',
      '%',
      '../..',
    ),
    fc.string({ unit: 'binary' }),
  )

function string(schema: Schema, texts: Texts): Arbitrary<unknown> {
  if (schema['enum'] !== undefined) return fc.constantFrom(...(schema['enum'] as unknown[]))
  if (schema.format === 'uuid') return fc.uuid()
  if (schema.format === 'date-time') {
    const range = { min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }
    return fc.date(range).map((date) => date.toISOString())
  }
  if (typeof schema['pattern'] !== 'string') return texts(schema)
  const pattern = new RegExp(schema['pattern'])
  // Free text, of which the pattern leaves little out; otherwise the pattern says all
  return schema['maxLength'] === undefined
    ? fc.stringMatching(pattern)
    : texts(schema).filter((text) => pattern.test(String(text)))
}

function object({ properties = {}, required = [] }: Schema, texts: Texts): Arbitrary<unknown> {
  const model = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, allowed(schema, texts)]))
  return fc.record(model, { requiredKeys: required })
}

/** @throws Error for a keyword that none of our requests has yet */
export function allowed(schema: Schema, texts: Texts = plainTexts): Arbitrary<unknown> {
  const options = schema['anyOf'] as Schema[] | undefined
  if (options) return fc.oneof(...options.map((one) => allowed(one, texts)))
  if (Array.isArray(schema.type)) return fc.oneof(...schema.type.map((type) => allowed({ ...schema, type }, texts)))
  switch (schema.type) {
    case 'string':
      return string(schema, texts)
    case 'integer':
      return fc.oneof(
        fc.integer({ min: Number(schema['minimum']), max: Math.min(Number(schema['maximum']), 1_000) }),
        fc.constantFrom(Number(schema['minimum']), Number(schema['maximum'])),
      )
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(allowed(schema['items'] as Schema, texts), { maxLength: 5 })
    case 'object':
      return object(schema, texts)
    default:
      throw new Error(`No values are made for ${JSON.stringify(schema)} yet`)
  }
}

const tooLong = (schema: Schema): Arbitrary<string>[] =>
  schema['maxLength'] === undefined ? [] : [fc.constant('x'.repeat(Number(schema['maxLength']) + 1))]

/** JSON that the schema refuses, most of it nearly right */
export function refused(schema: Schema, fits: Fits): Arbitrary<unknown> {
  const { properties = {} } = schema
  const nearly = fc.record(
    {
      ...Object.fromEntries(
        Object.entries(properties).map(([name, one]) => [
          name,
          fc.oneof(allowed(one), fc.jsonValue({ maxDepth: 1 }), ...tooLong(one)),
        ]),
      ),
      surplus: fc.jsonValue({ maxDepth: 1 }),
    },
    { requiredKeys: [] },
  )
  return fc
    .oneof({ weight: 3, arbitrary: nearly }, { weight: 1, arbitrary: fc.jsonValue() })
    .filter((value) => !fits(value))
}

/** Texts in a query that are no value of the schema; undefined where every text is one */
export function refusedText(schema: Schema): Arbitrary<string> | undefined {
  const type = schema.type
  if (type === 'integer') {
    const wrong = ['', ' ', '-1', '1.5', '1e3', '0x10', '٣', 'null', '9'.repeat(20), ' 1', '1,2']
    const beyond = [Number(schema['minimum']) - 1, Number(schema['maximum']) + 1].map(String)
    return fc.oneof(
      fc.constantFrom(...wrong, ...beyond),
      fc.string().filter((word) => !/^\d+$/.test(word)),
    )
  }
  if (type === 'boolean') return fc.string().filter((word) => word !== 'true' && word !== 'false')
  if (typeof schema['pattern'] === 'string') {
    const pattern = new RegExp(schema['pattern'])
    const withNul = fc.tuple(fc.string(), fc.string()).map((parts) => parts.join('\0'))
    return fc.oneof(
      fc.oneof(fc.string(), withNul).filter((word) => !pattern.test(word)),
      ...tooLong(schema),
    )
  }
  return tooLong(schema)[0]
}
