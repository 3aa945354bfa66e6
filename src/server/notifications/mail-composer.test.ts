import { describe, expect, it } from 'vitest'
import type { SupportMessage } from '../../protocol/types.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { homeUrl } from '../http/home-url.ts'
import { Origins } from '../http/origins.ts'
import { server as english } from '../locales/en.ts'
import { tokens } from '../people/token.ts'
import type { Mail } from '../ports/mailer.ts'
import type { DueNotification } from '../ports/store/notifications.ts'
import { mailComposer, type MailComposerOptions } from './mail-composer.ts'
import type { MailContent, MailTemplate } from './mail-content.ts'
import { STANDARD_LOOK } from './mail-look.ts'
import { standardMail } from './standard-mail.ts'
import { TEMPLATE_WITHIN } from './written-mail.ts'

const SECRET = 'a secret that only the tests know, 32+'
const PUBLIC_URL = 'https://acme.example/support'

const reply = (seq: number, more: Partial<SupportMessage> = {}): SupportMessage => ({
  id: `m${seq}`,
  seq,
  content: `reply ${seq}`,
  sender_type: 'admin',
  sender_name: 'Sam',
  client_id: null,
  read_at: null,
  attachments: [],
  created_at: '2026-03-02T09:00:00.000Z',
  ...more,
})
const CHAT = [
  reply(1, { sender_type: 'user' }),
  reply(2, { read_at: '2026-03-02T09:00:00.000Z' }),
  reply(3, { sender_type: 'user' }),
  ...[4, 5, 6, 7, 8, 9, 10].map((seq) => reply(seq)),
]

const due = (unread: number, message = reply(10), more: Partial<DueNotification> = {}): DueNotification => ({
  kind: 'reply',
  assignee: null,
  id: 'n',
  claim: 1,
  chat_id: 'chat-1',
  person: { id: 'ada', email: 'ada@example.com', name: 'Ada' },
  message,
  unread,
  page_url: null,
  refusals: 0,
  ...more,
})

function composer(more: Partial<MailComposerOptions> = {}, chat = CHAT) {
  const errors: unknown[] = []
  const clock = new FakeClock(Date.now())
  const allowed = ['https://app.acme.example']
  const composeAll = mailComposer({
    store: {
      messages: async (_id, range) => {
        const before = 'before' in range ? range.before : expect.fail('not from the end')
        return { messages: chat.filter(({ seq }) => seq < before).slice(-range.limit), has_more: false }
      },
    },
    replyAddresses: null,
    words: english,
    appName: 'Acme',
    look: STANDARD_LOOK,
    template: null,
    clock,
    onError: (error) => errors.push(error),
    publicUrl: PUBLIC_URL,
    secret: SECRET,
    home: homeUrl(PUBLIC_URL, allowed),
    origins: new Origins([PUBLIC_URL, ...allowed]),
    tokens: tokens(SECRET),
    ...more,
  })
  const compose = async (notification: DueNotification): Promise<Mail> =>
    (await composeAll(notification))[0] ?? expect.fail('no mail')
  return { compose, errors, clock }
}

/** What the template is given for it */
async function contentOf(notification: DueNotification, chat = CHAT): Promise<MailContent> {
  let content: MailContent | undefined
  const template: MailTemplate = (given) => {
    content = given
    return standardMail(given)
  }
  await composer({ template }, chat).compose(notification)
  return content ?? expect.fail('the template was not asked')
}
const seqs = (messages: SupportMessage[]): number[] => messages.map(({ seq }) => seq)

describe('what a mail shows', () => {
  it('is the newest five of the replies that it is about, and up to three messages before all of them', async () => {
    const content = await contentOf(due(7))
    expect([seqs(content.messages), seqs(content.before), content.count]).toEqual([[6, 7, 8, 9, 10], [1, 2, 3], 7])
    const two = await contentOf(due(2))
    expect([seqs(two.messages), seqs(two.before)]).toEqual([
      [9, 10],
      [6, 7, 8],
    ])
  })

  it('is nothing that came after the newest reply that it is about', async () => {
    const content = await contentOf(due(2, reply(5)))
    expect([seqs(content.messages), seqs(content.before)]).toEqual([
      [4, 5],
      [1, 2, 3],
    ])
  })

  it('is the replies alone when their burst is longer than what is looked at', async () => {
    const long = Array.from({ length: 300 }, (_, i) => reply(i + 1))
    const content = await contentOf(due(299, reply(300)), long)
    expect([seqs(content.messages), seqs(content.before), content.count]).toEqual([[296, 297, 298, 299, 300], [], 299])
  })

  it('is the newest reply when the chat has changed meanwhile', async () => {
    const content = await contentOf(due(1), [])
    expect([seqs(content.messages), seqs(content.before)]).toEqual([[10], []])
  })
})

describe('a repetition', () => {
  it('is the same to the last byte, at another time and on another node', async () => {
    const first = await composer().compose(due(3))
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await composer().compose(due(3, reply(10), { claim: 2, refusals: 1 }))).toEqual(first)
  })

  it.each<[string, DueNotification, Partial<MailComposerOptions>]>([
    ['some of its replies were read', due(2), {}],
    ['the address is another', due(3, reply(10), { person: { id: 'ada', email: 'a@example.com', name: 'Ada' } }), {}],
    ['the template says something else', due(3), { template: () => ({ subject: 's', html: 'h', text: 't' }) }],
  ])('has another Message-ID when %s', async (_what, notification, more) => {
    const first = await composer().compose(due(3))
    const other = await composer(more).compose(notification)
    expect(other.headers['Message-ID']).toMatch(/^<reply\.[0-9a-f]{32}@acme\.example>$/)
    expect(other.headers['Message-ID']).not.toBe(first.headers['Message-ID'])
  })
})

describe('headers', () => {
  it('ask machines not to answer, unsubscribe with one click, and make the mails of a chat one thread', async () => {
    const { headers } = await composer().compose(due(1))
    const hex = '[0-9a-f]{32}'
    const root = expect.stringMatching(new RegExp(`^<chat\\.${hex}@acme\\.example>$`)) as string
    expect(headers).toEqual({
      'Message-ID': expect.stringMatching(new RegExp(`^<reply\\.${hex}@acme\\.example>$`)) as string,
      'In-Reply-To': root,
      References: root,
      'Thread-Index': expect.stringMatching(/^[A-Za-z0-9+/=]+$/) as string,
      'List-Unsubscribe': expect.stringMatching(
        /^<https:\/\/acme\.example\/support\/unsubscribe\?token=\S+>$/,
      ) as string,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    })
    const second = await composer().compose(due(1, reply(9)))
    const other = await composer().compose(due(1, reply(10), { chat_id: 'chat-2' }))
    const elsewhere = await composer({ secret: 'another secret of the same length' }).compose(due(1))
    for (const name of ['References', 'In-Reply-To', 'Thread-Index']) {
      expect(second.headers[name]).toBe(headers[name])
      expect(other.headers[name]).not.toBe(headers[name])
      expect(elsewhere.headers[name]).not.toBe(headers[name])
    }
    expect(JSON.stringify(headers)).not.toMatch(/chat-1|m10/)
  })

  it('leave out the one-click link where it is too long for a line of a mail; the mail has it', async () => {
    const { headers, text } = await composer().compose(
      due(1, reply(10), { person: { id: 'x'.repeat(900), email: 'ada@example.com', name: null } }),
    )
    expect(Object.keys(headers).join()).not.toContain('List-')
    expect(text).toMatch(/\/unsubscribe\?token=\S{1000}/)
  })

  it('are not begun by a line break in a name, the app’s name or the subject of a template', async () => {
    const bad = 'x\r\nBcc: victim@example.com\u2028\0'
    const person = { id: 'ada', email: 'ada@example.com', name: bad }
    const template: MailTemplate = (content) => ({ subject: `About ${content.person.name}`, html: 'h', text: 't' })
    for (const more of [{ appName: bad }, { template }]) {
      const { errors, compose } = composer(more)
      const mail = await compose(due(1, reply(10, { sender_name: bad }), { person }))
      for (const value of [mail.to.name, mail.to.address, mail.subject, ...Object.values(mail.headers)])
        expect(value).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
      expect(Object.keys(mail.headers).join()).not.toContain('Bcc')
      expect(errors).toEqual([])
    }
  })
})

it.each([
  [null, 'https://app.acme.example/#deskbell-open'],
  ['https://evil.example/phish', 'https://app.acme.example/#deskbell-open'],
  ['https://app.acme.example/bills?a="b"', 'https://app.acme.example/bills?a=%22b%22#deskbell-open'],
])('from the page %s, the mail leads to %s', async (page_url, expected) => {
  const { text } = await composer().compose(due(1, reply(10), { page_url }))
  expect(text).toContain(`Open the chat: ${expected}\n`)
})

describe('a template', () => {
  it('gets all there is, and its mail is sent', async () => {
    const template: MailTemplate = async (content) => ({
      ...(await standardMail(content)),
      subject: `${content.count} for ${content.person.name}`,
      text: 'one\r\ntwo\rthree',
    })
    const { compose, errors } = composer({ template })
    expect(await compose(due(2))).toMatchObject({ subject: '2 for Ada', text: 'one\ntwo\nthree' })
    expect(errors).toEqual([])
  })

  const fine = { subject: 's', html: 'h', text: 't' }
  it.each<[string, MailTemplate]>([
    [
      'no such field',
      () => {
        throw new Error('no such field')
      },
    ],
    ['rejected', () => Promise.reject(new Error('rejected'))],
    ['it returned nothing', () => undefined as never],
    ['it returned nothing', () => 'text' as never],
    ['it returned no html', () => ({ ...fine, html: undefined }) as never],
    ['it returned no subject', () => ({ ...fine, subject: '\r\n' })],
    ['it returned no text', () => ({ ...fine, text: ' ' })],
    ['its html is longer', () => ({ ...fine, html: 'x'.repeat(500_001) })],
    ['its text is not valid', () => ({ ...fine, text: 'x\ud800' })],
  ])('that fails (%s) is reported, and the standard mail is sent', async (why, template) => {
    const { compose, errors } = composer({ template })
    expect(await compose(due(1))).toEqual(await composer().compose(due(1)))
    expect(errors).toHaveLength(1)
    expect(String(errors[0])).toContain(`mail.template failed, so the standard mail is sent: ${why}`)
  })

  it('that hangs is given up after ten seconds', async () => {
    const { compose, errors, clock } = composer({ template: () => new Promise(() => undefined) })
    let mail: unknown
    const composing = compose(due(1)).then((composed) => (mail = composed))
    while (mail === undefined) await clock.advance(TEMPLATE_WITHIN)
    await composing
    expect(mail).toEqual(await composer().compose(due(1)))
    expect(String(errors[0])).toContain('within 10 s')
  })
})
