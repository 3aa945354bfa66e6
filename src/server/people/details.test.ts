import { describe, expect, it } from 'vitest'
import { emailOf, isUnusableEmail, nameOf } from './details.ts'

const FAMILY = '👩‍👩‍👧‍👦'

describe('a name', () => {
  it.each<[unknown, string | null]>([
    ['Ada', 'Ada'],
    [' Ada  Lovelace\t', 'Ada  Lovelace'],
    ['Ada\r\nBcc: eve@example.com', 'Ada Bcc: eve@example.com'],
    ['A\0da', 'A da'],
    ['Ad\ud800a', 'Ad\ufffda'],
    [undefined, null],
    [null, null],
    ['', null],
    [' \n ', null],
    ['\u200b\ufeff', null],
    [42, null],
    [{ first: 'Ada' }, null],
    ['x'.repeat(200), 'x'.repeat(200)],
    ['x'.repeat(201), 'x'.repeat(200)],
    [`${'x'.repeat(199)}é`, `${'x'.repeat(199)}é`],
    [`${'x'.repeat(199)}e\u0301`, 'x'.repeat(199)],
    [`${'x'.repeat(195)}${FAMILY}`, 'x'.repeat(195)],
    [`e${'\u0301'.repeat(999)}`, `e${'\u0301'.repeat(199)}`],
    [`${'\ud83d\ude00\u200d'.repeat(200)}`.slice(0, 599), expect.stringMatching(/^.{1,200}$/s) as string],
  ])('%j is shown as %j', (given, name) => {
    const shown = nameOf(given)
    expect(shown).toEqual(name)
    expect(shown?.isWellFormed() ?? true).toBe(true)
  })
})

describe('an e-mail address', () => {
  it.each<[unknown, string, boolean]>([
    ['ada@example.com', 'ada@example.com', false],
    [' ada@example.com\r\n', 'ada@example.com', false],
    [undefined, '', false],
    [null, '', false],
    ['', '', false],
    ['  ', '', false],
    ['no-at-sign', '', true],
    ['ada lovelace@example.com', '', true],
    ['ada@example.com\r\nBcc: eve@example.com', '', true],
    ['ada@example.com, eve@example.com', '', true],
    [['ada@example.com'], '', true],
    [{}, '', true],
  ])('%j is taken as %j (a mistake: %s)', (given, address, mistake) => {
    expect(emailOf(given)).toBe(address)
    expect(isUnusableEmail(given)).toBe(mistake)
  })
})
