// What PostgreSQL reads of an array in its binary form is what was written.
import fc from 'fast-check'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { binaryArray, type Value } from '../../src/stores/postgres/binary-array.ts'
import type { Kind } from '../../src/stores/sql/write.ts'
import { freshDatabase } from '../support/databases.ts'

const database = await freshDatabase('postgres')
const client = new Client({ connectionString: database?.url })

const arrayOf = (values: readonly Value[], kind: Kind): Buffer =>
  binaryArray(
    values.map((value) => ({ value })),
    'value',
    kind,
  )

const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'))
const ARRAYS: Record<Kind, { type: string; values: fc.Arbitrary<Value>; element: string }> = {
  uuid: { type: 'uuid', values: fc.uuid(), element: 'e' },
  person: { type: 'text', values: text, element: 'e' },
  word: { type: 'text', values: text, element: 'e' },
  text: { type: 'text', values: fc.oneof(text, fc.constant('ë'.repeat(70_000))), element: 'e' },
  integer: { type: 'int4', values: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), element: 'e' },
  time: {
    type: 'timestamptz',
    values: fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }).map(isoOf),
    element: `to_char(e at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  },
}

function isoOf(date: Date): string {
  return date.toISOString()
}

describe.skipIf(!database)('an array in binary form', () => {
  beforeAll(() => client.connect())
  afterAll(async () => {
    await client.end()
    await database?.drop()
  })

  const read = async (values: readonly Value[], kind: Kind): Promise<unknown[]> => {
    const { type, element } = ARRAYS[kind]
    const { rows } = await client.query<{ value: unknown }>(
      `SELECT ${element} AS value FROM unnest($1::${type}[]) WITH ORDINALITY AS a (e, n) ORDER BY n`,
      [arrayOf(values, kind)],
    )
    return rows.map(({ value }) => value)
  }

  it.each(Object.keys(ARRAYS) as Kind[])('of the kind %s is read as it was written', async (kind) => {
    const lists = fc.array(fc.option(ARRAYS[kind].values, { freq: 3 }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(lists, async (values) => {
        expect(await read(values, kind)).toEqual(values.some((value) => value !== null) ? values : [])
      }),
    )
  })

  it.each([
    '',
    'not an id',
    '01950abc-0000-7000-9000-00000000000g',
    '01950abc-0000-7000-9000-0000000000011',
    '01950abc-0000-7000-9000-00000000000ａ',
  ])('refuses %j as an id', (id) => expect(() => arrayOf([id], 'uuid')).toThrow('Not an id'))

  it('takes an id in capitals, and a time with a year of five digits', async () => {
    const id = '01950ABC-0000-7000-9000-00000000000F'
    expect(await read([id], 'uuid')).toEqual([id.toLowerCase()])
    const { rows } = await client.query(`SELECT ($1::timestamptz[])[1] = '10889-01-02 03:04:05.006Z' AS is_same`, [
      arrayOf(['+010889-01-02T03:04:05.006Z'], 'time'),
    ])
    expect(rows).toEqual([{ is_same: true }])
  })
})
