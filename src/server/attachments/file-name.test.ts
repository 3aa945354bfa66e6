import { expect, it } from 'vitest'
import { contentDisposition } from './content-disposition.ts'
import { fileName } from './file-name.ts'

it.each([
  ['photo.jpg', 'photo.jpg'],
  ['  Ümläut 日本.PDF ', 'Ümläut 日本.PDF'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\ada\\a.txt', 'a.txt'],
  ['a/..', 'file'],
  ['', 'file'],
  ['...', 'file'],
  ['.htaccess', 'htaccess'],
  ['a\r\nSet-Cookie: x.txt', 'aSet-Cookie: x.txt'],
  ['evil\u202egpj.exe', 'evilgpj.exe'],
  ['a\u200bb\u2066c\u0000.png', 'abc.png'],
  ['ends. . ', 'ends'],
  ['\ud800.png', '\ufffd.png'],
])('%j is shown as %j', (given, expected) => {
  expect(fileName(given)).toBe(expected)
})

it('A long name keeps its extension, and no character is cut in two', () => {
  expect(fileName(`${'x'.repeat(300)}.jpeg`)).toBe(`${'x'.repeat(194)}….jpeg`)
  expect(fileName('x'.repeat(300))).toHaveLength(200)
  const family = '👨‍👩‍👧‍👦'
  const cut = fileName(`${family.repeat(60)}.png`)
  expect(cut.length).toBeLessThanOrEqual(200)
  expect(cut.replaceAll(family, '')).toBe('….png')
})

it('A header gives every name whole, and old programs one of ASCII', () => {
  expect(contentDisposition('attachment', `a"b\\c%41;'é😀.txt`)).toBe(
    `attachment; filename="a_b_c_41;'___.txt"; filename*=UTF-8''a%22b%5Cc%2541%3B%27%C3%A9%F0%9F%98%80.txt`,
  )
})
