import { expect, it } from 'vitest'
import { server as english } from '../locales/en.ts'
import type { DueNotification } from '../ports/store/notifications.ts'
import { homeUrl } from '../http/home-url.ts'
import { Origins } from '../http/origins.ts'
import { tokens } from '../people/token.ts'
import { compose, type MailOptions } from './compose.ts'
import { mailComposer } from './mail-composer.ts'
import { mailThreads } from './thread.ts'

const OPTIONS: MailOptions = {
  words: english,
  appName: 'Acme',
  chatUrl: 'https://acme.example/#deskbell-open',
  unsubscribeUrl: 'https://acme.example/unsubscribe?token=t',
  thread: { id: '0123456789abcdef0123456789abcdef', headers: { 'Message-ID': '<reply.1@acme.example>' } },
}

function due(unread: number, content = 'We found it.', name: string | null = 'Ada', sender: string | null = null) {
  return {
    person: { id: 'ada', email: 'ada@example.com', name },
    message: { content, sender_name: sender },
    unread,
    page_url: null,
  } as DueNotification
}

it('the mail says how many replies there are when there is more than one', async () => {
  expect((await compose(due(1), OPTIONS)).text).not.toContain('new replies')
  expect((await compose(due(1200), OPTIONS)).text).toContain('There are 1,200 new replies; this is the newest.')
})

it('the mail takes every word from the catalogue that it is given', async () => {
  const words: MailOptions['words'] = {
    ...english,
    locale: 'de',
    mail: {
      subject: (app) => `Neue Antwort von ${app}`,
      greeting: (name) => `Guten Tag ${name},`,
      intro: 'Sie haben eine neue Nachricht.',
      sender: (app) => `Team ${app}`,
      wrote: (sender) => `${sender} schrieb:`,
      more: (replies) => `${replies} neue Antworten.`,
      openChat: 'Chat anzeigen',
      openChatAt: (url) => `Chat anzeigen: ${url}`,
      reason: (app) => `Sie haben an ${app} geschrieben.`,
      unsubscribe: 'Abbestellen',
      unsubscribeAt: (url) => `Abbestellen: ${url}`,
    },
  }
  const mail = await compose(due(3, '…'), { ...OPTIONS, words })
  expect(mail.html).toContain('<html lang="de">')
  for (const text of [mail.subject, mail.text, mail.html.replace(/<(style|title)>.*?<\/\1>|<[^>]*>/gs, '')])
    expect(text).not.toMatch(/\b(the|new|you|from|hello|chat:? open|unsubscribe\b(?!\?))\b/i)
})

it('the mail cuts a long reply between two characters as people count them', async () => {
  const family = '👩‍👩‍👧‍👦'
  const { text } = await compose(due(1, family.repeat(201)), OPTIONS)
  expect(text).toContain(`> ${family.repeat(199)}…\n`)
  expect((await compose(due(1, family.repeat(200)), OPTIONS)).text).toContain(`> ${family.repeat(200)}\n`)
})

it('the mail stays small when characters carry any number of marks', async () => {
  const { text, html } = await compose(
    due(1, `Hello ${'e\u0301\u0302'.repeat(100)}${'o' + '\u0303'.repeat(9_000)}`),
    OPTIONS,
  )
  expect(text).toContain(`${'e\u0301\u0302'.repeat(100)}…`)
  expect(html.length).toBeLessThan(20_000)
})

/** What the text part quotes */
const quoted = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('>'))
/** The lines that the HTML part shows below the sender's name */
const shown = (html: string): string[] =>
  (/<\/strong\s*><br \/>(.*?)<\/td>/s.exec(html)?.[1] ?? '').replace(/^[ \n]+|[ \n]+$/g, '').split('<br />')

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
  const { text, html } = await compose(due(1, ['a', 'b', '', ' c ', 'd'].join(end)), OPTIONS)
  expect(quoted(text)).toEqual(['> a', '> b', '>', '>  c', '> d'])
  expect(shown(html)).toEqual(['a', 'b', '', '\u00a0c', 'd'])
})

it('the mail leaves out empty lines around a reply, white space at the ends of lines, and control characters', async () => {
  const { text, html } = await compose(due(1, '\r\n \n-- \u001b[2Jone\t\n\u0007two  \n\n'), OPTIONS)
  expect(quoted(text)).toEqual(['> -- [2Jone', '> two'])
  expect(shown(html)).toEqual(['-- [2Jone', 'two'])
})

it('the HTML part keeps indentation and runs of spaces without the help of styles', async () => {
  const { html } = await compose(due(1, 'if (x) {\n  a   = 1\n\tb\n}'), OPTIONS)
  expect(shown(html)).toEqual(['if (x) {', '\u00a0\u00a0a\u00a0\u00a0 = 1', '\u00a0\u00a0\u00a0\u00a0b', '}'])
})

it('the text part begins its footer as a signature', async () => {
  expect((await compose(due(1), OPTIONS)).text).toMatch(/\n\n-- \nYou get this because/)
})

it('the mail shows names on one line, and none where nothing of a name can be seen', async () => {
  const names = 'Ada\r\nBcc: victim@example.com\u2028\u202ex'
  const mail = await compose(due(1, 'hi', names, 'Sam\nIto'), OPTIONS)
  expect(mail.to.name).toBe('Ada Bcc: victim@example.com x')
  expect(mail.text).toContain('Hello Ada Bcc: victim@example.com x,\n')
  expect(mail.text).toContain('Sam Ito wrote:\n')
  expect(mail.html).not.toMatch(/\u2028|\u202e/)
  const nameless = await compose(due(1, 'hi', '\u200b\r\n', ' '), OPTIONS)
  expect(nameless.to.name).toBe('')
  expect(nameless.text).toMatch(/^Hello,\n/)
  expect(nameless.text).toContain('Acme Support wrote:')
})

it('the HTML part says in which direction each text runs', async () => {
  const { html } = await compose(due(1, '… שלום, hello'), OPTIONS)
  expect(html).toMatch(/<body class="back" dir="ltr"/)
  expect(html).toMatch(/dir="rtl"\s+align="right"\s+style="border-right:/)
  expect((await compose(due(1, '(hello) שלום'), OPTIONS)).html).not.toContain('"rtl"')
})

it('the HTML part lays out with what Outlook knows, and needs nothing from elsewhere', async () => {
  const { html } = await compose(due(3), OPTIONS)
  const tables = html.match(/<table[^>]*>/g) ?? []
  expect(tables.length).toBeGreaterThan(3)
  expect(tables.filter((table) => !table.includes('role="presentation"'))).toEqual([])
  expect(html).toContain('bgcolor="#ffffff"')
  expect(html).toContain('<meta name="supported-color-schemes" content="light dark" />')
  expect(html).not.toMatch(/<img|<link|<script|url\(|@import|@font-face/)
  const inline = [...html.matchAll(/style="([^"]*)"/g)].map(([, style = '']) => style).join(';')
  expect(inline).not.toMatch(/display:\s*(flex|grid)|position:|float:|margin:[^;]*auto|background:|var\(/)
})

it('the HTML part escapes whatever people wrote, and the links', async () => {
  const evil = `"><img src=x onerror=alert(1)>`
  const options = { ...OPTIONS, appName: evil, chatUrl: `https://acme.example/?q='"><b>#deskbell-open` }
  const { html } = await compose(due(2, evil, evil, evil), options)
  expect(html).not.toMatch(/<img|<b>/)
  expect(html).toContain('href="https://acme.example/?q=&#39;&quot;&gt;&lt;b&gt;#deskbell-open"')
})

it('the mail asks machines not to answer, and can be unsubscribed from with one click', async () => {
  const { headers } = await compose(due(1), OPTIONS)
  expect(headers).toEqual({
    'Message-ID': '<reply.1@acme.example>',
    'List-Unsubscribe': '<https://acme.example/unsubscribe?token=t>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
  })
  const long = await compose(due(1), {
    ...OPTIONS,
    unsubscribeUrl: `https://acme.example/unsubscribe?token=${'t'.repeat(960)}`,
  })
  expect(Object.keys(long.headers).join()).not.toContain('List-')
  expect(long.text).toContain('t'.repeat(960))
})

it('mails of one chat refer to the same root, and each has its own name, which only the secret can make', async () => {
  const notification = (chat_id: string, id: string) => ({ chat_id, message: { id } }) as DueNotification
  const threadOf = mailThreads('a secret', 'https://acme.example/support')
  const one = await threadOf(notification('chat-1', 'm-1'))
  const two = await threadOf(notification('chat-1', 'm-2'))
  const other = await threadOf(notification('chat-2', 'm-3'))
  expect(await mailThreads('a secret', 'https://acme.example/support')(notification('chat-1', 'm-1'))).toEqual(one)
  for (const name of ['References', 'In-Reply-To', 'Thread-Index']) {
    expect(one.headers[name]).toBe(two.headers[name])
    expect(one.headers[name]).not.toBe(other.headers[name])
  }
  expect(one.headers['References']).toMatch(/^<chat\.[0-9a-f]{32}@acme\.example>$/)
  expect(one.headers['Message-ID']).toBe(`<reply.${one.id}@acme.example>`)
  expect(new Set([one.id, two.id, other.id]).size).toBe(3)
  expect(
    await mailThreads('another secret', 'https://acme.example/support')(notification('chat-1', 'm-1')),
  ).not.toEqual(one)
  expect(JSON.stringify(one)).not.toMatch(/chat-1|m-1/)
})

it.each([
  [
    null,
    ['http://localhost:*', 'capacitor://localhost', 'https://app.acme.example'],
    'https://app.acme.example/#deskbell-open',
  ],
  [null, [], 'https://acme.example/support#deskbell-open'],
  ['https://evil.example/phish', ['https://app.acme.example'], 'https://app.acme.example/#deskbell-open'],
  [
    'https://app.acme.example/bills?a="b"',
    ['https://app.acme.example'],
    'https://app.acme.example/bills?a=%22b%22#deskbell-open',
  ],
])('from the page %s, with the origins %j, the mail leads to %s', async (page_url, allowed, expected) => {
  const publicUrl = 'https://acme.example/support'
  const secret = 'a secret that only the tests know, 32+'
  const composeMail = mailComposer({
    words: english,
    appName: 'Acme',
    publicUrl,
    secret,
    home: homeUrl(publicUrl, allowed),
    origins: new Origins([publicUrl, ...allowed]),
    tokens: tokens(secret),
  })
  const { text } = await composeMail({ ...due(1), page_url })
  expect(text).toContain(`Open the chat: ${expected}\n`)
})
