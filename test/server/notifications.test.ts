// The e-mail about unseen replies, against a real SMTP server; only the clock is ours.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { smtpMailer } from '../../src/entries/node.ts'
import { AUDIENCE } from '../../src/server/people/token.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { startSmtp, type TestSmtp } from '../support/smtp.ts'
import { freePort } from '../support/ports.ts'

const MINUTE = 60_000
const FROM = { name: 'Acme Support', address: 'support@acme.example' }

let smtp: TestSmtp
let desk: Desk
let clock: FakeClock
let sam: string
let ada: { token: string; chatId: string }

/** @param timeout the patience with the SMTP server, in real milliseconds: a busy machine is to have no part in it */
async function start(url = smtp.url, timeout = 60_000): Promise<void> {
  // The clock follows the real day, so that tokens are good on both
  clock = new FakeClock(Date.now())
  desk = await startDesk({
    clock,
    mailer: smtpMailer({ url, from: FROM, timeout }),
    appName: 'Acme',
    publicUrl: 'https://acme.example/support',
  })
  sam = await desk.admin()
  ada = await desk.person('ada')
}
beforeEach(async () => {
  smtp = await startSmtp()
  await start()
})
afterEach(async () => {
  await desk.stop()
  await smtp.stop()
})

const reply = (content: string) => desk.call('POST', `/admin/chats/${ada.chatId}/messages`, sam, { content })
const delivered = (n: number) => until(() => smtp.mails.length >= n)
/** A mail that comes later, to somebody else: whatever was to come before it has come by then */
async function laterMail(): Promise<void> {
  const id = `later${later++}`
  const { chatId } = await desk.person(id)
  await desk.call('POST', `/admin/chats/${chatId}/messages`, sam, { content: 'later' })
  await clock.advance(5 * MINUTE)
  await until(() => smtp.mails.some((mail) => mail.envelopeTo.includes(`${id}@example.com`)))
}
let later = 0

async function nothingMore(n: number): Promise<void> {
  await clock.advance(MINUTE)
  await laterMail()
  expect(smtp.mails.filter((mail) => mail.envelopeTo[0]?.startsWith('later') !== true)).toHaveLength(n)
}

/** Until the database knows of so many refusals of the mail about this message */
const refused = (messageId: string, times: number) =>
  until(async () => (await desk.store.explainNotification(messageId))?.notification?.refusals === times)

describe('the mail', () => {
  it('comes five minutes after a reply, and not a moment earlier', async () => {
    const bob = await desk.person('bob')
    await desk.call('POST', `/admin/chats/${bob.chatId}/messages`, sam, { content: 'Hello Bob' })
    await clock.advance(1)
    await reply('Hello Ada')
    await clock.advance(5 * MINUTE - 1)
    await delivered(1)
    expect(smtp.mails.map((mail) => mail.envelopeTo)).toEqual([['bob@example.com']])
    await clock.advance(1)
    await delivered(2)
    expect(smtp.mails[1]?.envelopeTo).toEqual(['ada@example.com'])
  })

  it('has the specified subject, text and HTML, a link that opens the chat, and unsubscribe headers', async () => {
    await reply('Your refund is on its way.')
    await clock.advance(5 * MINUTE)
    await delivered(1)
    const { parsed, envelopeTo, envelopeFrom } = smtp.mails[0] ?? expect.fail()
    expect(parsed.subject).toBe('New reply from Acme Support')
    expect(envelopeTo).toEqual(['ada@example.com'])
    expect(envelopeFrom).toBe(FROM.address)
    expect(parsed.from?.text).toBe('"Acme Support" <support@acme.example>')
    expect(parsed.text).toContain('> Your refund is on its way.')
    expect(parsed.text).toContain('https://acme.example/support#deskbell-open')
    expect(parsed.html).toContain('Your refund is on its way.')
    expect(parsed.html).toContain('href="https://acme.example/support#deskbell-open"')
    const list = parsed.headerLines
      .filter((h) => h.key.startsWith('list-unsubscribe'))
      .map((h) => h.line.replace(/\r?\n\s+/g, ' '))
    expect(list.join('\n')).toMatch(/List-Unsubscribe: <https:\/\/acme\.example\/support\/unsubscribe\?token=[\w.-]+>/i)
    expect(list.join('\n')).toMatch(/List-Unsubscribe-Post: List-Unsubscribe=One-Click/)
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated')
  })

  it('shows at most 1,000 characters of the reply, and no half emoji', async () => {
    await reply(`${'x'.repeat(999)}😀${'y'.repeat(50)}`)
    await clock.advance(5 * MINUTE)
    await delivered(1)
    const { parsed } = smtp.mails[0] ?? expect.fail()
    const shown = /^> (.*)$/m.exec(parsed.text ?? '')?.[1] ?? ''
    expect(shown).toBe(`${'x'.repeat(999)}…`)
    expect(parsed.html).not.toContain('yyy')
  })

  it('leads to the page on which the person was, when that is one of ours', async () => {
    const visit = (page: string) => desk.call('GET', `/support_chat?page=${encodeURIComponent(page)}`, ada.token)
    await visit('https://acme.example/billing?x=1')
    await reply('one')
    await clock.advance(5 * MINUTE)
    await delivered(1)
    expect(smtp.mails[0]?.parsed.text).toContain('https://acme.example/billing?x=1#deskbell-open')
    await visit('https://evil.example/phish')
    await reply('two')
    await clock.advance(5 * MINUTE)
    await delivered(2)
    expect(smtp.mails[1]?.raw).not.toContain('evil.example')
  })
})

describe('how many', () => {
  it('one for a burst, with all of it', async () => {
    for (const text of ['one', 'two', 'three']) {
      await reply(text)
      await clock.advance(MINUTE)
    }
    await clock.advance(3 * MINUTE)
    await delivered(1)
    expect(smtp.mails[0]?.parsed.text?.match(/^> .*$/gm)).toEqual(['> one', '> two', '> three'])
    expect(smtp.mails[0]?.parsed.text).toContain('3 new messages')
    for (let i = 0; i < 10; i++) await clock.advance(MINUTE)
    await nothingMore(1)
  })

  it('none when it was read a moment before', async () => {
    await reply('seen')
    await clock.advance(5 * MINUTE - 1)
    await desk.call('PATCH', '/support_chat/mark_read', ada.token)
    await clock.advance(5 * MINUTE)
    await nothingMore(0)
  })

  it('none when the chat was archived', async () => {
    await reply('closing this')
    await desk.call('POST', `/admin/chats/${ada.chatId}/archive`, sam)
    await clock.advance(6 * MINUTE)
    await nothingMore(0)
  })

  it('one more for a later burst, about that alone', async () => {
    await reply('first')
    await clock.advance(5 * MINUTE)
    await delivered(1)
    await reply('second')
    await clock.advance(5 * MINUTE)
    await delivered(2)
    expect(smtp.mails[1]?.parsed.text).toContain('> second')
    expect(smtp.mails[1]?.parsed.text).not.toContain('new messages')
  })

  it('none for what the user writes', async () => {
    await desk.call('POST', '/support_chat/messages', ada.token, { content: 'anybody there?' })
    await clock.advance(10 * MINUTE)
    await nothingMore(0)
  })
})

describe('unsubscribing', () => {
  const link = () => {
    const raw = smtp.mails[0]?.parsed.headerLines.find((h) => h.key === 'list-unsubscribe')?.line ?? ''
    return new URL(/<(.+)>/s.exec(raw.replace(/\r?\n\s+/g, ''))?.[1] ?? 'missing:').search
  }

  it('asks on GET, does it on POST, and from then on no mail comes', async () => {
    await reply('one')
    await clock.advance(5 * MINUTE)
    await delivered(1)
    const asked = await desk.call('GET', `/unsubscribe${link()}`)
    expect([asked.status, asked.text]).toEqual([200, expect.stringContaining('<form method="post">')])
    await reply('a link scanner has looked, so this one still comes')
    await clock.advance(5 * MINUTE)
    await delivered(2)
    const done = await fetch(`${desk.url}/unsubscribe${link()}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'null', 'sec-fetch-site': 'cross-site' },
      body: 'List-Unsubscribe=One-Click',
    })
    expect(done.status).toBe(200)
    await reply('three')
    await clock.advance(6 * MINUTE)
    await nothingMore(2)
  })

  it('needs the token of the mail, and that opens nothing else', async () => {
    const forged = await desk.tokens.sign(
      { sub: 'ada', email: 'ada@example.com' },
      { audience: AUDIENCE.user, expiresIn: 600 },
    )
    for (const token of ['', 'x', forged]) {
      expect((await desk.call('POST', `/unsubscribe?token=${token}`)).status).toBe(401)
      expect((await desk.call('GET', `/unsubscribe?token=${token}`)).status).toBe(401)
    }
    const token = await desk.tokens.sign({ sub: 'ada' }, { audience: AUDIENCE.unsubscribe })
    expect((await desk.call('GET', '/support_chat', token)).status).toBe(401)
  })
})

describe('trouble', () => {
  it('a pending mail survives a restart', async () => {
    await reply('before the restart')
    await clock.advance(4 * MINUTE)
    await desk.restart()
    await clock.advance(MINUTE)
    await delivered(1)
    await clock.advance(10 * MINUTE)
    await nothingMore(1)
  })

  it.each(['refuse', 'refuse-content'] as const)('a server that says no (%s) is asked again', async (mode) => {
    smtp.mode = mode
    const { body } = await reply('again')
    await clock.advance(5 * MINUTE)
    await refused(String(body['id']), 1)
    smtp.mode = 'accept'
    await clock.advance(29_000)
    expect(smtp.mails).toHaveLength(0)
    await clock.advance(1_500)
    await delivered(1)
    await clock.advance(10 * MINUTE)
    await nothingMore(1)
  })

  it('a server that is down is asked again', async () => {
    await desk.stop()
    const port = await freePort()
    await start(`smtp://127.0.0.1:${port}`)
    const { body } = await reply('nobody there')
    await clock.advance(5 * MINUTE)
    await refused(String(body['id']), 1)
    await smtp.stop()
    smtp = await startSmtp(port)
    await clock.advance(31_000)
    await delivered(1)
  })

  it('what was read while the server was down is not sent when it is back', async () => {
    smtp.mode = 'refuse'
    await reply('soon read')
    await clock.advance(5 * MINUTE)
    await until(() => desk.errors.length === 1)
    smtp.mode = 'accept'
    await desk.call('PATCH', '/support_chat/mark_read', ada.token)
    await clock.advance(10 * MINUTE)
    await nothingMore(0)
  })

  it.each(['hang', 'cut'] as const)(
    'a server that took the content and then did %s is not asked again',
    async (mode) => {
      if (mode === 'hang') {
        await desk.stop()
        await start(smtp.url, 10_000)
      }
      smtp.mode = mode
      await reply('once at most')
      await clock.advance(5 * MINUTE)
      await until(() => smtp.contents.length === 1 && desk.errors.length === 1)
      smtp.mode = 'accept'
      for (let i = 0; i < 20; i++) await clock.advance(MINUTE)
      await laterMail()
      expect(smtp.contents.map((mail) => mail.envelopeTo[0]).filter((to) => to === 'ada@example.com')).toHaveLength(1)
    },
  )

  it('gives up after eight refusals', async () => {
    smtp.mode = 'refuse'
    const { body } = await reply('never')
    await clock.advance(5 * MINUTE)
    for (let attempt = 1; attempt <= 8; attempt++) {
      await until(() => desk.errors.length === attempt)
      await refused(String(body['id']), attempt)
      await clock.advance(30_000 * 2 ** (attempt - 1))
    }
    smtp.mode = 'accept'
    await clock.advance(20 * MINUTE)
    await nothingMore(0)
    expect(desk.errors).toHaveLength(8)
  })
})

describe('hostile people', () => {
  const CASES = [
    { name: '<img src=x onerror=alert(1)>', email: 'ada@example.com' },
    { name: 'Ada\r\nBcc: victim@example.com', email: 'ada@example.com' },
    { name: 'Ada" <victim@example.com>, "', email: 'ada@example.com' },
    { name: 'victim@example.com,', email: 'ada@example.com' },
  ]
  it.each(CASES)('named $name get one mail, to themselves, with nothing live in it', async ({ name, email }) => {
    const token = await desk.tokens.sign({ sub: 'eve', email, name }, { audience: AUDIENCE.user, expiresIn: 3600 })
    const { body } = await desk.call<{ id: string }>('GET', '/support_chat', token)
    const content = '<script>alert(1)</script>\r\nBcc: victim@example.com\r\n.\r\nMAIL FROM:<x@y>'
    await desk.call('POST', `/admin/chats/${body.id}/messages`, sam, { content })
    await clock.advance(5 * MINUTE)
    await delivered(1)
    const { envelopeTo, parsed } = smtp.mails[0] ?? expect.fail()
    expect(envelopeTo).toEqual([email])
    expect(parsed.bcc).toBeUndefined()
    expect(parsed.cc).toBeUndefined()
    expect([parsed.to].flat().flatMap((t) => t?.value.map((v) => v.address) ?? [])).toEqual([email])
    expect(parsed.html).not.toMatch(/<script|<img/i)
    expect(parsed.html).toContain('&lt;script&gt;')
    expect(parsed.text).toContain('<script>alert(1)</script>')
    expect(parsed.headerLines.map((h) => h.key)).not.toContain('bcc')
    await nothingMore(1)
  })

  it.each([
    'ada@example.com, victim@example.com',
    'ada@example.com>\r\nRCPT TO:<victim@example.com',
    '"ada@example.com,victim@example.com" <ada@example.com>',
    'victim@example.com <ada@example.com>',
  ])('with the address %j get no mail, and neither does anybody else', async (email) => {
    const token = await desk.tokens.sign({ sub: 'eve', email }, { audience: AUDIENCE.user, expiresIn: 3600 })
    const { body, status } = await desk.call<{ id: string }>('GET', '/support_chat', token)
    if (status === 200) {
      await desk.call('POST', `/admin/chats/${body.id}/messages`, sam, { content: 'hi' })
      await clock.advance(5 * MINUTE)
    }
    await nothingMore(0)
  })

  it('staff with a hostile name are shown as text', async () => {
    const staff = await desk.tokens.sign(
      { sub: 'x', email: 'x@desk.example', name: '"><svg onload=alert(1)>' },
      { audience: AUDIENCE.admin, expiresIn: 3600 },
    )
    await desk.call('POST', `/admin/chats/${ada.chatId}/messages`, staff, { content: 'hi' })
    await clock.advance(5 * MINUTE)
    await delivered(1)
    expect(smtp.mails[0]?.parsed.html).not.toMatch(/<svg/)
  })
})
