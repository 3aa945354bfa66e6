import { expect, test } from 'vitest'
import { linkify } from './linkify.ts'

const links = (text: string): string[] =>
  linkify(text).flatMap((piece) => (typeof piece === 'string' ? [] : [piece.text]))
const whole = (text: string): string =>
  linkify(text).reduce<string>((t, p) => t + (typeof p === 'string' ? p : p.text), '')

test('addresses end where the sentence around them goes on', () => {
  expect(links('See https://a.example/x.')).toEqual(['https://a.example/x'])
  expect(links('(https://a.example/x)')).toEqual(['https://a.example/x'])
  expect(links('https://a.example/Deskbell_(chat)?')).toEqual(['https://a.example/Deskbell_(chat)'])
  expect(links('<https://a.example> and "http://b.example/"')).toEqual(['https://a.example', 'http://b.example/'])
})

test('only web and mail addresses become links', () => {
  expect(links('javascript:alert(1) data:text/html,x ftp://a.example file:///etc/passwd')).toEqual([])
  expect(links('mailto:ada@a.example')).toEqual(['mailto:ada@a.example'])
  expect(links('https:// http://')).toEqual([])
})

test('no character of the text is lost', () => {
  const text = 'a <b> https://x.example/?a=1&b=2, then\nhttp://y.example!'
  expect(whole(text)).toBe(text)
})

test.each([
  `http://x${')'.repeat(9_990)}`,
  `http://x${').'.repeat(4_990)}`,
  `http://x${'.'.repeat(9_980)}a`,
  `http://x${'('.repeat(4_990)}${')'.repeat(4_990)}`,
  'https://'.repeat(1_250),
])('ten thousand characters of a hostile address take no time (%#)', (text) => {
  // Of many rounds one is not interrupted, on a busy machine too
  const rounds = Array.from({ length: 20 }, () => {
    const begun = performance.now()
    linkify(text)
    return performance.now() - begun
  })
  expect(Math.min(...rounds)).toBeLessThan(20)
  expect(whole(text)).toBe(text)
})
