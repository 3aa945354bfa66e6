import { describe, expect, it } from 'vitest'
import { excerpt } from './excerpt.ts'

/** Matches in brackets */
const shown = (content: string, q: string): string =>
  excerpt(content, q)
    .map(({ text, isMatch }) => (isMatch ? `[${text}]` : text))
    .join('')

describe('the excerpt of a message', () => {
  it.each([
    ['Where is invoice 4312?', 'invoice 4312', 'Where is [invoice] [4312]?'],
    ['Where is Invoice 4312?', 'INVOICE', 'Where is [Invoice] 4312?'],
    ['invoices and invoice', 'invoice ', 'invoices and [invoice]'],
    ['invoices and invoice', 'invoice', '[invoice]s and [invoice]'],
    ['big bad wolf, bad big', '"big bad"', '[big bad] wolf, bad big'],
    ['ask ada@shop.example now', 'ada@shop', 'ask [ada@shop].example now'],
    ['fox and wolf', 'fox -wolf', '[fox] and wolf'],
    ['fox and wolf', 'cat or wolf', 'fox and [wolf]'],
    ['foxes', 'fox or foxes ', '[foxes]'],
    ['line\n\n  break', 'break', 'line [break]'],
    ['<b>bold</b> & "quoted"', 'bold', '<b>[bold]</b> & "quoted"'],
    ['Größe ÄPFEL', 'äpfel', 'Größe [ÄPFEL]'],
    ['(.*)+ [a-z]', '(.*)+ a', '(.*)+ [[a]-z]'],
    ['nothing of it', 'elsewhere', 'nothing of it'],
    ['cafe\u0301 now', 'cafe', '[cafe\u0301] now'],
    ['नियम', 'न', '[नि]यम'],
    ['text', '', 'text'],
    ['text', '-text', 'text'],
    ['', 'x', ''],
  ])('of %j for %j is %j', (content, q, expected) => {
    expect(shown(content, q)).toBe(expected)
  })

  it('is around the place where most of the words are, and of a bearable length', () => {
    const long = `${'invoice and so on. '.repeat(50)}Here: invoice 4312, please. ${'And more of it. '.repeat(50)}`
    const text = shown(long, 'invoice 4312')
    expect(text).toContain('[invoice] [4312], please.')
    expect(text).toMatch(/^….*…$/)
    expect(text.length).toBeLessThan(200)
  })

  it('leaves no part of a character at its ends', () => {
    for (const character of ['😀', '👩‍👩‍👧‍👦', 'e\u0301\u0323'])
      for (let lead = 0; lead < 40; lead++) {
        const many = character.repeat(200)
        const pieces = excerpt(`${'x'.repeat(lead)}${many} fox ${many}`, 'fox')
        expect(pieces.some(({ isMatch }) => isMatch)).toBe(true)
        for (const { text } of pieces) expect(text.replaceAll(character, '')).toMatch(/^(x*|…| ?fox ?| )$/)
      }
  })

  it('takes no time over what strangers write', () => {
    // Of several rounds one is not interrupted, on a busy machine too
    const rounds = Array.from({ length: 5 }, () => {
      const begun = performance.now()
      for (const content of ['a '.repeat(5_000), 'a'.repeat(10_000), 'a-'.repeat(5_000), '-'.repeat(10_000)]) {
        excerpt(content, 'a "a a a" a-a-a or a b '.repeat(10))
      }
      return performance.now() - begun
    })
    expect(Math.min(...rounds)).toBeLessThan(1_000)
  })
})
