import { expect, test } from 'vitest'
import { linkify } from './linkify.ts'

const links = (text: string): string[] =>
  linkify(text).flatMap((piece) => (typeof piece === 'string' ? [] : [piece.text]))
const hrefs = (text: string): string[] =>
  linkify(text).flatMap((piece) => (typeof piece === 'string' ? [] : [piece.href]))
const whole = (text: string): string =>
  linkify(text).reduce<string>((t, p) => t + (typeof p === 'string' ? p : p.text), '')

const X = 'https://a.example/x'

test('addresses end where the sentence around them goes on', () => {
  expect(links('See https://a.example/x.')).toEqual([X])
  expect(links('(https://a.example/x)')).toEqual([X])
  expect(links('https://a.example/Deskbell_(chat)?')).toEqual(['https://a.example/Deskbell_(chat)'])
  expect(links('<https://a.example> and "http://b.example/"')).toEqual(['https://a.example', 'http://b.example/'])
})

test('addresses end before what ends words and sentences in any script', () => {
  const latin = '… — ― !!! ?! . ; : … · –'
  const cjk = '。谢谢 ，请 、次 ！ ？好 ： ； ． ｡ ､ ……好 ～ 〜 ・ （说明） 【注】'
  const others = '؟ ، ؛ ۔ । ॥ ։ ። ፣ ។ ៕ ၊ ။ပြီး ། ༎ ᠃'
  for (const after of `${latin} ${cjk} ${others}`.split(' ')) expect([after, ...links(X + after)]).toEqual([after, X])
})

test('addresses end before what nobody sees, before marks of other notations, and before an emoji that comments on them', () => {
  const unseen = ['\u00a0!', '\u202f»', '\u3000', '\u200b', '\u00ad', '\u2060', '\ufeff', '\u3164', '\u2800', '\u200d ']
  const turning = ['\u202e', '\u2067', '\u200f', '\u061c']
  const marks = ['>', '\\n', '`', '(see below)', '[^1']
  const emoji = ['👍', '👍🏽', '❤️', '🇩🇪']
  for (const after of [unseen, turning, marks, emoji].flat())
    expect([after, ...links(`${X}${after}`), ...links(`${X}${after}x`)]).toEqual([after, X, X])
})

test('addresses end before the mark that closes what they are in', () => {
  const brackets = '（） 「」 『』 【】 〔〕 《》 〈〉 ﹁﹂ ［］ ｛｝ ｢｣ () [] {} <>'
  const quotations = `«» »« ‹› „“ „” “” ‘’ ‚‘ "" '' \`\` ＂＂ 〝〞 ** ~~ ||`
  for (const [opens = '', closes = ''] of `${brackets} ${quotations}`.split(' '))
    for (const text of [opens + X + closes, `${opens}${X}${closes}です`, `${opens}見て ${X}。${closes}`])
      expect([text, ...links(text)]).toEqual([text, X])
})

test('addresses keep what may be their own', () => {
  const kept = [
    'https://a.example/x?a=b&c=d',
    'https://a.example/x?q=',
    'https://a.example/x?a[0]=1&b={y}',
    'https://a.example/x?u=https://b.example/',
    'https://a.example/x#:~:text=one,two',
    'https://a.example/x,y;z!w',
    'https://a.example/x-',
    'https://video.example/abc_',
    'https://a.example/a%20b%3F',
    'https://en.example/wiki/Foo_(bar)_(baz)',
    'https://fonts.example/css?family=A|B',
    'https://archive.example/2020/https://a.example/x',
    'http://localhost:3000/',
    'http://127.0.0.1:8080',
    'http://[2001:db8::1]:8080/x',
    'https://xn--bcher-kva.example/x',
  ]
  for (const address of kept) expect([address, ...links(`See ${address}.`)]).toEqual([address, address])
})

test('letters of every script, with their joiners and marks, are part of the host and the path', () => {
  const kept = [
    'https://bücher.example/ü',
    'https://пример.рф/путь',
    'https://例え.テスト/パス',
    'https://i❤️.example/👨‍👩‍👧/x',
    'https://emoji.example/👍',
    'https://de.wikipedia.org/wiki/Köln',
    'https://de.wikipedia.org/wiki/Ko\u0308ln',
    'https://fr.wikipedia.org/wiki/L’Équipe',
    'https://ca.wikipedia.org/wiki/Col·lecció',
    'https://en.wikipedia.org/wiki/Michelson–Morley_experiment',
    'https://ja.wikipedia.org/wiki/東京',
    'https://ja.wikipedia.org/wiki/レオナルド・ダ・ヴィンチ',
    'https://ko.wikipedia.org/wiki/서울',
    'https://fa.wikipedia.org/wiki/نیم\u200cفاصله',
    'https://he.wikipedia.org/wiki/צה״ל',
    'https://hi.wikipedia.org/wiki/दिल्ली',
    'https://th.wikipedia.org/wiki/กรุงเทพ',
    'https://bo.wikipedia.org/wiki/བོད་ལྗོངས',
  ]
  for (const address of kept)
    expect([address, ...links(`${address}, ${address}。`)]).toEqual([address, address, address])
})

test('words that follow a host without a space are not part of it', () => {
  expect(links('请看https://a.example谢谢')).toEqual(['https://a.example'])
  expect(links('https://a.example를 http://a.example:8080を www.a.example看')).toEqual([
    'https://a.example',
    'http://a.example:8080',
    'www.a.example',
  ])
  // No program can tell these words from a name in the path
  expect(links(`${X}をご覧ください`)).toEqual([`${X}をご覧ください`])
})

test('an underscore at the end is emphasis if there is another one before the address', () => {
  expect(links(`_${X}_ and _see ${X}_`)).toEqual([X, X])
  expect(links('https://video.example/abc_ https://a.example/foo_bar')).toEqual([
    'https://video.example/abc_',
    'https://a.example/foo_bar',
  ])
})

test('addresses without a space between them are two', () => {
  const Y = 'https://b.example/y'
  for (const between of [',', ';', '|', ')(', '](', '、', '」「']) expect(links(X + between + Y)).toEqual([X, Y])
  expect(links(`[one](${X})[two](${Y}), ['${X}','${Y}']`)).toEqual([X, Y, X, Y])
})

test('what begins with www. and what has the form of a mail address become links', () => {
  expect(hrefs('www.a.example, WWW.b.example:8080/x?y=z! (www.c.example)')).toEqual([
    'https://www.a.example/',
    'https://www.b.example:8080/x?y=z',
    'https://www.c.example/',
  ])
  expect(hrefs('me@a.example, <first.last+tag@sub.a.example>; _me@a.example_ me@163.com.')).toEqual([
    'mailto:me@a.example',
    'mailto:first.last+tag@sub.a.example',
    'mailto:me@a.example',
    'mailto:me@163.com',
  ])
  expect(links("jürgen@a.example o'brien@a.example 'me@a.example' 请写信给me@a.example谢谢 me@例子.中国")).toEqual([
    'jürgen@a.example',
    "o'brien@a.example",
    'me@a.example',
    'me@a.example',
    'me@例子.中国',
  ])
})

test('what only looks a little like an address stays text', () => {
  const plain = [
    'e.g. i.e. foo.bar node.js v1.2.3 README.md 3.5 a.b.c ...www. www.x www..a @name 1@2 a@b me@localhost',
    'file@2x.png icon@3x.webp logo@large.svg page@index.html deskbell@1.2.3 deskbell@1.2.3-rc.next',
    '@user@social.example git@code.example:a/b x.www.a.example user@www @www.a.example',
    'javascript:alert(1) data:text/html,x ftp://a.example file:///etc/passwd xhttps://a.example',
    'https:// http:// https://- https://!!! https://.a https://? http:/// mailto: mailto:ada',
  ]
  for (const text of plain) expect(links(text)).toEqual([])
  expect(links('mailto:ada@a.example?subject=Hi.')).toEqual(['mailto:ada@a.example?subject=Hi'])
})

test('a link leads to the host that is shown, or there is none', () => {
  // The host is what comes after the @, and a browser would not show the rest
  expect(
    links('https://bank.example@evil.example https://bank.example:pass@evil.example/ https://@evil.example'),
  ).toEqual([])
  expect(links('https://bank.example／@evil.example https://ex%61mple.com')).toEqual([])
  for (const text of [
    'https://bank.example\\@evil.example',
    'https://bank.example\u3164\u3164.evil.example/',
    'https://bank.example\u202e/elpmaxe.live//:sptth',
    'https://bank.example。evil.example',
    'https://bank.example\u2215x.evil.example',
  ])
    expect(hrefs(text)).toEqual(['https://bank.example/'])
})

test('no character of the text is lost', () => {
  const text = 'a <b> https://x.example/?a=1&b=2, then\nhttp://y.example! www.z.example。me@x.example'
  expect(whole(text)).toBe(text)
  expect(links(text)).toHaveLength(4)
})

test.each([
  `http://x${')'.repeat(9_990)}`,
  `http://x${').'.repeat(4_990)}`,
  `http://x${'.'.repeat(9_980)}a`,
  `http://x${'('.repeat(4_990)}${')'.repeat(4_990)}`,
  `http://x/${'[('.repeat(4_990)}`,
  `http://${'a.'.repeat(4_990)}`,
  `http://${'a-'.repeat(4_990)}`,
  `http://x/${'’a'.repeat(4_990)}`,
  `http://x/${'👍'.repeat(4_990)}`,
  'https://'.repeat(1_250),
  'https://a)'.repeat(1_000),
  'https://a/ '.repeat(900),
  "'https://a/".repeat(900),
  'www.'.repeat(2_500),
  'www.a.bb '.repeat(1_100),
  'mailto:'.repeat(1_400),
  'me@a.bc '.repeat(1_250),
  `a@${'a.'.repeat(4_990)}`,
  'a@a.'.repeat(2_500),
  "a'".repeat(5_000),
  'a'.repeat(10_000),
  '_'.repeat(10_000),
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
