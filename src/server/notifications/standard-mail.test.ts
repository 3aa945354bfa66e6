import { expect, it } from 'vitest'
import type { SupportMessage } from '../../protocol/types.ts'
import { server as english } from '../locales/en.ts'
import { contrast, DARK_CARD, accents } from './mail-colors.ts'
import type { MailContent } from './mail-content.ts'
import { readLook, STANDARD_LOOK } from './mail-look.ts'
import { standardMail } from './standard-mail.ts'

let seq = 0
const message = (content: string, more: Partial<SupportMessage> = {}): SupportMessage => ({
  id: `m${++seq}`,
  seq,
  content,
  sender_type: 'admin',
  sender_name: null,
  client_id: null,
  read_at: null,
  attachments: [],
  created_at: '2026-03-02T09:00:00.000Z',
  ...more,
})

const about = (content: string, more: Partial<MailContent> = {}): MailContent => ({
  kind: 'reply',
  appName: 'Acme',
  look: STANDARD_LOOK,
  words: english,
  replyLine: null,
  person: { id: 'ada', email: 'ada@example.com', name: 'Ada' },
  messages: [message(content)],
  count: 1,
  before: [],
  chatUrl: 'https://acme.example/#deskbell-open',
  unsubscribeUrl: 'https://acme.example/unsubscribe?token=t',
  id: '0123456789abcdef0123456789abcdef',
  ...more,
})

/** What the text part quotes */
const quoted = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('>'))
/** The lines of the first bubble of the HTML part */
const shown = (html: string): string[] =>
  (/class="bubble text"[^>]*>(.*?)<\/td/s.exec(html)?.[1] ?? '').replace(/^[ \n]+|[ \n]+$/g, '').split('<br />')
/** What is seen of the HTML part */
const seen = (html: string): string => html.replace(/<(style|title)>.*?<\/\1>|<[^>]*>/gs, '')

it('the mail shows each reply of a burst, in order, names a sender once in a row, and says how many there are', async () => {
  const burst = [
    message('one', { sender_name: 'Sam' }),
    message('two', { sender_name: 'Sam' }),
    message('three', { sender_name: 'Kim' }),
  ]
  const { text, html } = await standardMail(about('', { messages: burst, count: 3 }))
  expect(text).toContain('You have 3 new messages from our support team.')
  expect(quoted(text)).toEqual(['> one', '> two', '> three'])
  expect(text.match(/^\w+ wrote:$/gm)).toEqual(['Sam wrote:', 'Kim wrote:'])
  expect(
    seen(html)
      .match(/\b(Sam|Kim|one|two|three)\b/g)
      ?.slice(-5),
  ).toEqual(['Sam', 'one', 'two', 'Kim', 'three'])
  expect(text).not.toContain('more')
  const many = await standardMail(about('', { messages: burst, count: 1203 }))
  for (const part of [many.text, many.html]) expect(part).toContain('1,200 more are in the chat.')
})

it('the mail ends with what was said before, the person’s own messages among it, and quotes none of that', async () => {
  const before = [
    message('> Where is it?\n-- \nAda', { sender_type: 'user', sender_name: 'Ada' }),
    message('Let me look.'),
  ]
  const { text, html } = await standardMail(about('Found it.', { before }))
  expect(quoted(text)).toEqual(['> Found it.'])
  expect(text).toContain(
    'Earlier in this chat\n\n  You wrote:\n  > Where is it?\n  --\n  Ada\n\n  Acme Support wrote:\n  Let me look.\n',
  )
  expect(text.match(/^-- $/gm)).toHaveLength(1)
  expect(seen(html).replace(/\s+/g, ' ')).toMatch(
    /Open the chat .*Earlier in this chat You.*Where is it\?.*Let me look\./,
  )
  expect(seen((await standardMail(about('x'))).html)).not.toContain('Earlier')
})

it('the mail takes every word from the catalogue that it is given', async () => {
  const words: MailContent['words'] = {
    ...english,
    locale: 'de',
    mail: {
      subject: (app) => `Neue Antwort von ${app}`,
      greeting: (name) => `Guten Tag ${name},`,
      intro: (replies) => `Sie haben ${replies} neue Nachrichten.`,
      sender: (app) => `Team ${app}`,
      wrote: (sender) => `${sender} schrieb:`,
      more: (replies) => `${replies} weitere.`,
      you: 'Sie',
      earlier: 'Davor',
      openChat: 'Chat anzeigen',
      openChatAt: (url) => `Chat anzeigen: ${url}`,
      reason: (app) => `Sie haben an ${app} geschrieben.`,
      unsubscribe: 'Abbestellen',
      unsubscribeAt: (url) => `Abbestellen: ${url}`,
    },
  }
  const mail = await standardMail(about('…', { count: 3, words, before: [message('…', { sender_type: 'user' })] }))
  expect(mail.html).toContain('<html lang="de">')
  for (const text of [mail.subject, mail.text, seen(mail.html)])
    expect(text).not.toMatch(/\b(the|new|you|from|hello|earlier|more|chat:? open|unsubscribe\b(?!\?))\b/i)
})

it('the mail cuts long messages between two characters as people count them: those it is about later than those before', async () => {
  const family = '👩‍👩‍👧‍👦'
  const cut = await standardMail(about('é'.repeat(1_001), { before: [message(family.repeat(201))] }))
  expect(cut.text).toContain(`> ${'é'.repeat(999)}…\n`)
  expect(cut.text).toContain(`  ${family.repeat(199)}…\n`)
  const whole = await standardMail(about('é'.repeat(1_000), { before: [message(family.repeat(200))] }))
  expect(whole.text).toContain(`> ${'é'.repeat(1_000)}\n`)
  expect(whole.text).toContain(`  ${family.repeat(200)}\n`)
})

it('the mail stays below what Gmail shows, whatever characters carry', async () => {
  const marks = `Hello ${'e\u0301\u0302'.repeat(100)}${'o' + '\u0303'.repeat(9_000)}`
  const { text } = await standardMail(about(marks))
  expect(text).toContain(`${'e\u0301\u0302'.repeat(100)}…`)
  const worst = Array.from({ length: 5 }, () => message('"'.repeat(10_000)))
  expect((await standardMail(about('', { messages: worst, before: worst }))).html.length).toBeLessThan(100_000)
})

it.each([
  ['LF', '\n'],
  ['CR LF', '\r\n'],
  ['CR', '\r'],
  ['U+2028', '\u2028'],
  ['U+2029', '\u2029'],
  ['vertical tab', '\v'],
  ['form feed', '\f'],
  ['next line', '\u0085'],
])('the mail begins a line of its own after %s, in text and HTML', async (_name, end) => {
  const { text, html } = await standardMail(about(['a', 'b', '', ' c ', 'd'].join(end)))
  expect(quoted(text)).toEqual(['> a', '> b', '>', '>  c', '> d'])
  expect(shown(html)).toEqual(['a', 'b', '', '\u00a0c', 'd'])
})

it('the mail leaves out empty lines around a reply, white space at the ends of lines, and control characters', async () => {
  const { text, html } = await standardMail(about('\r\n \n-- \u001b[2Jone\t\n\u0007two  \n\n'))
  expect(quoted(text)).toEqual(['> -- [2Jone', '> two'])
  expect(shown(html)).toEqual(['-- [2Jone', 'two'])
})

it('what lists of mails show beside the subject has no marks of formatting, as the rows of a list of chats', async () => {
  const beside = async (content: string, more: Partial<SupportMessage> = {}): Promise<string> => {
    const { html } = await standardMail(about('', { messages: [message(content, more)] }))
    return /display:none[^>]*>\s*(.*?)(\s|&#\d+;)*<\/div>/s.exec(html)?.[1] ?? ''
  }
  expect(await beside('It is *done*:\n- _one_\n- `two`')).toBe('Acme Support wrote: It is done: • one • two')
  const file = { id: 'f', name: '*a*.png', type: 'image/png', size: 1, width: 1, height: 1, url: '/f' }
  expect(await beside('', { attachments: [file] })).toBe('Acme Support wrote: 📎 *a*.png')
  // What the mail quotes is what was typed
  expect(quoted((await standardMail(about('It is *done*'))).text)).toEqual(['> It is *done*'])
})

it('the HTML part keeps indentation and runs of spaces without the help of styles', async () => {
  const { html } = await standardMail(about('if (x) {\n  a   = 1\n\tb\n}'))
  expect(shown(html)).toEqual(['if (x) {', '\u00a0\u00a0a\u00a0\u00a0 = 1', '\u00a0\u00a0\u00a0\u00a0b', '}'])
})

it('the text part begins its footer as a signature, with the line of the host at its end', async () => {
  expect((await standardMail(about('x'))).text).toMatch(/\n\n-- \nYou get this because/)
  const look = readLook({ footer: 'Acme Ltd,\n1 Main St' })
  const { text, html } = await standardMail(about('x', { look }))
  expect(text).toMatch(/token=t\nAcme Ltd, 1 Main St\n$/)
  expect(seen(html)).toContain('Acme Ltd, 1 Main St')
})

it('the mail shows names on one line, and none where nothing of a name can be seen', async () => {
  const bad = 'Ada\r\nBcc: victim@example.com\u2028\u202ex'
  const person = (name: string) => ({ id: 'ada', email: 'ada@example.com', name })
  const mail = await standardMail(
    about('', { appName: bad, person: person(bad), messages: [message('hi', { sender_name: 'Sam\nIto' })] }),
  )
  expect(mail.subject).toBe('New reply from Ada Bcc: victim@example.com x Support')
  expect(mail.text).toContain('Hello Ada Bcc: victim@example.com x,\n')
  expect(mail.text).toContain('Sam Ito wrote:\n')
  expect(mail.html).not.toMatch(/\u2028|\u202e/)
  const nameless = await standardMail(
    about('', { person: person('\u200b\r\n'), messages: [message('hi', { sender_name: ' ' })] }),
  )
  expect(nameless.text).toMatch(/^Hello,\n/)
  expect(nameless.text).toContain('Acme Support wrote:')
})

it('the HTML part says in which direction each text runs', async () => {
  const before = [message('שלום', { sender_type: 'user' })]
  const { html } = await standardMail(about('… שלום, hello', { before }))
  expect(html).toMatch(/<body class="back" dir="ltr"/)
  expect(html.match(/dir="rtl"\s+align="right"/g)).toHaveLength(2)
  expect((await standardMail(about('(hello) שלום'))).html).not.toContain('"rtl"')
})

it('the HTML part lays out with what Outlook knows, and needs nothing from elsewhere but the logo', async () => {
  const { html } = await standardMail(about('x', { before: [message('y')] }))
  const tables = html.match(/<table[^>]*>/g) ?? []
  expect(tables.length).toBeGreaterThan(3)
  expect(tables.filter((table) => !table.includes('role="presentation"'))).toEqual([])
  expect(html).toContain('bgcolor="#ffffff"')
  expect(html).toContain('<meta name="supported-color-schemes" content="light dark" />')
  expect(html).not.toMatch(/<img|<link|<script|url\(|@import|@font-face/)
  const inline = [...html.matchAll(/style="([^"]*)"/g)].map(([, style = '']) => style).join(';')
  expect(inline).not.toMatch(/display:\s*(flex|grid)|position:|float:|margin:[^;]*auto|background:|var\(/)
  const look = readLook({ logo: { url: 'https://acme.example/logo.png?a=1&b="2"', width: 120, height: 32 } })
  expect((await standardMail(about('x', { look }))).html).toMatch(
    /<img\s+src="https:\/\/acme.example\/logo.png\?a=1&amp;b=&quot;2&quot;"\s+width="120"\s+height="32"\s+alt="Acme"/,
  )
})

it('the HTML part escapes whatever people wrote, and the links', async () => {
  const evil = `"><img src=x onerror=alert(1)>`
  const one = message(evil, { sender_name: evil })
  const { html } = await standardMail({
    ...about(evil, { appName: evil, messages: [one], before: [one], count: 2, look: readLook({ footer: evil }) }),
    person: { id: 'ada', email: 'ada@example.com', name: evil },
    chatUrl: `https://acme.example/?q='"><b>#deskbell-open`,
  })
  expect(html).not.toMatch(/<img|<b>/)
  expect(html).toContain('href="https://acme.example/?q=&#39;&quot;&gt;&lt;b&gt;#deskbell-open"')
})

it.each(['#000000', '#ffffff', '#4338ca', '#ffe14d', '#c81e1e', '#0a7d5a', '#767676', '#202126'])(
  'the button in %s can be read, in light and in dark mode, and is found on the dark card',
  async (color) => {
    const { light, dark } = accents(color)
    expect(light.color).toBe(color)
    for (const { color: ground, label } of [light, dark]) expect(contrast(ground, label)).toBeGreaterThan(4.49)
    expect(contrast(dark.color, DARK_CARD)).toBeGreaterThan(4.49)
    const { html } = await standardMail(about('x', { look: readLook({ color }) }))
    expect(html).toContain(`bgcolor="${color}"`)
    expect(html).toContain(`.button { background-color: ${dark.color} !important; }`)
  },
)

it.each([
  { color: 'red' },
  { color: '#4338ca;background:url(https://evil.example)' },
  { logo: { url: 'javascript:alert(1)', width: 10, height: 10 } },
  { logo: { url: 'https://', width: 10, height: 10 } },
  { logo: { url: 'https://acme.example/logo.png', width: 0, height: 10 } },
  { logo: { url: 'https://acme.example/logo.png', width: 2_000, height: 10 } },
  { logo: { url: 'https://acme.example/logo.png', width: 100, height: Number.NaN } },
])('a look that no mail can have is refused: %j', (look) => {
  expect(() => readLook(look)).toThrow(/^mail\./)
})

it('the mail names the files of a message, also of one without words', async () => {
  const file = { id: 'f', type: 'image/png', size: 1, width: 1, height: 1, url: '' }
  const attachments = [
    { ...file, name: 'a <b>.png' },
    { ...file, name: 'b.pdf' },
  ]
  const { text, html } = await standardMail(
    about('', { messages: [message('', { attachments }), message('Look', { attachments: attachments.slice(1) })] }),
  )
  expect(quoted(text)).toEqual(['> 📎 a <b>.png', '> 📎 b.pdf', '> Look', '> 📎 b.pdf'])
  expect(shown(html)).toEqual(['📎 a &lt;b&gt;.png', '📎 b.pdf'])
})
