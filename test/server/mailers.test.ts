// What every mailer promises, against a real SMTP server and against services that check what the real ones check.
import nodemailer from 'nodemailer'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { smtpMailer, transporterMailer } from '../../src/entries/node.ts'
import { MailRefused, type Mail, type Mailer } from '../../src/server/ports/mailer.ts'
import { mailerOf } from '../../src/standalone/mailer.ts'
import { startResend } from '../support/mail-services/resend.ts'
import { SERVICES } from '../support/mail-services/services.ts'
import type { Answer, TestMailService } from '../support/mail-services/server.ts'
import { startSmtp, type SmtpMode } from '../support/smtp.ts'
import { freePort } from '../support/ports.ts'

const FROM = { name: 'Acme, "Best" Support ☕', address: 'support@acme.example' }
const SAMPLE: Mail = {
  to: { name: 'Jörg "J" Müller-Lüdenscheidt, ' + 'x'.repeat(60), address: 'joerg@müller.example' },
  subject: 'New reply from Café Support ☕',
  text: 'Hello\n> line one\n',
  html: '<p>Hello ☕</p>',
  replyTo: 'reply+token@reply.acme.example',
  headers: {
    'Message-ID': '<reply.1@acme.example>',
    References: '<chat.1@acme.example>',
    'In-Reply-To': '<chat.1@acme.example>',
    'List-Unsubscribe': `<https://acme.example/unsubscribe?token=${'t'.repeat(400)}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'Auto-Submitted': 'auto-generated',
  },
}
let written = 0
/** Each has a name of its own, as the mails of the chat do */
const newMail = (): Mail => ({
  ...SAMPLE,
  headers: { ...SAMPLE.headers, 'Message-ID': `<reply.${++written}@acme.example>` },
})
/** Longer than a busy machine takes, where silence is no part of the test */
const PATIENT = 60_000

/** A provider as all of these tests need it */
interface Provider {
  url: string
  mode: SmtpMode
  mails: unknown[]
  contents: unknown[]
  readonly stalled: number
  release(): void
  cut(): void
  stop(): Promise<void>
}
interface MailerChoice {
  name: string
  start: () => Promise<Provider>
  make: (url: string, timeout: number) => Mailer
}

const byUrl = (url: string, timeout: number) => mailerOf(url, { from: FROM, timeout })
const CHOICES: MailerChoice[] = [
  { name: 'SMTP', start: () => startSmtp(), make: (url, timeout) => smtpMailer({ url, from: FROM, timeout }) },
  {
    name: 'a transporter of the host',
    start: () => startSmtp(),
    make: (url, timeout) =>
      transporterMailer(nodemailer.createTransport({ url, pool: true, socketTimeout: timeout } as object), {
        from: FROM,
      }),
  },
  ...SERVICES.map(({ name, start }) => ({ name, start: () => start(), make: byUrl })),
]

const never = async (): Promise<void> => undefined
/** What became of it: `accepted`, `refused` when it certainly was not, `unknown` */
async function outcome(sending: Promise<void>): Promise<string> {
  try {
    await sending
    return 'accepted'
  } catch (error) {
    return error instanceof MailRefused ? 'refused' : 'unknown'
  }
}

describe.each(CHOICES)('$name', ({ start, make }) => {
  let provider: Provider
  beforeAll(async () => {
    provider = await start()
  })
  afterEach(() => {
    provider.mode = 'accept'
    provider.release()
    provider.contents.length = provider.mails.length = 0
  })
  afterAll(() => provider.stop())

  it('hands over once, right before the content leaves, and resolves once it was accepted', async () => {
    const before: number[] = []
    await make(provider.url, PATIENT).send(newMail(), async () => void before.push(provider.contents.length))
    expect([before, provider.mails.length, provider.contents.length]).toEqual([[0], 1, 1])
  })

  it('sends nothing when the handover is refused', async () => {
    const error = new Error('not to be sent any more')
    const sending = make(provider.url, PATIENT).send(newMail(), () => Promise.reject(error))
    await expect(sending).rejects.toThrow(error.message)
    expect(provider.contents).toEqual([])
  })

  it.each(['refuse', 'refuse-content'] as const)('says so when it certainly was not accepted (%s)', async (mode) => {
    provider.mode = mode
    expect(await outcome(make(provider.url, PATIENT).send(newMail(), never))).toBe('refused')
    expect(provider.mails).toEqual([])
  })

  it('says so when nobody is there', async () => {
    const url = provider.url.replace(/(127\.0\.0\.1(:|%3A))\d+/, `$1${await freePort()}`)
    expect(await outcome(make(url, PATIENT).send(newMail(), never))).toBe('refused')
  })

  it('does not know what became of it when the connection breaks after the content, and does not try again', async () => {
    provider.mode = 'cut'
    expect(await outcome(make(provider.url, PATIENT).send(newMail(), never))).toBe('unknown')
    expect(provider.contents).toHaveLength(1)
  })

  it.each(['', 'no-at-sign', 'a@example.com, b@example.com', '<a@example.com>', 'a@example.com\r\nBcc: b@c.example'])(
    'takes no address that is none: %j',
    async (address) => {
      const sending = make(provider.url, PATIENT).send({ ...newMail(), to: { name: 'A', address } }, () =>
        expect.fail(),
      )
      await expect(sending).rejects.toThrow(MailRefused)
      expect(provider.contents).toEqual([])
    },
  )

  it('signs in without sending', async () => {
    await make(provider.url, PATIENT).verify?.()
    expect(provider.contents).toEqual([])
  })
})

it('SMTP names the address for answers', async () => {
  const provider = await startSmtp()
  await smtpMailer({ url: provider.url, from: FROM, timeout: PATIENT }).send(newMail(), never)
  expect(provider.mails[0]?.parsed.replyTo?.value).toEqual([{ address: SAMPLE.replyTo, name: '' }])
  await provider.stop()
})

it('no mailer knows what became of a mail without an answer, and none tries again', async () => {
  const outcomes = await Promise.all(
    CHOICES.map(async ({ start, make }) => {
      const provider = await start()
      provider.mode = 'hang'
      let told = ''
      // A busy machine may need longer to take the content at all
      for (const patience of [3_000, PATIENT])
        if (provider.contents.length === 0) told = await outcome(make(provider.url, patience).send(newMail(), never))
      const contents = provider.contents.length
      await provider.stop()
      return [told, contents]
    }),
  )
  expect(outcomes).toEqual(CHOICES.map(() => ['unknown', 1]))
})

it('Resend gets a mail with the same bytes once, and a mail without a name of its own as often as it is sent', async () => {
  const service = await startResend()
  const mailer = byUrl(service.url, PATIENT)
  const mail = newMail()
  for (const one of [mail, mail, { ...mail, text: 'other' }, mail]) await mailer.send(one, never)
  expect(service.mails.map(({ parsed }) => parsed.text)).toEqual([mail.text, 'other'])
  for (let i = 0; i < 2; i++) await mailer.send({ ...mail, headers: {} }, never)
  expect(service.mails).toHaveLength(4)
  // Its first request may still be taken
  service.answers = [{ status: 409, body: { name: 'concurrent_idempotent_requests', message: 'in progress' } }]
  expect(await outcome(mailer.send(newMail(), never))).toBe('unknown')
  await service.stop()
})

describe('the reason that a service gives', () => {
  const postmark = (ErrorCode: number, status = 422): Answer => ({ status, body: { ErrorCode, Message: 'told' } })
  const sendgrid = (status: number, message: string, headers = {}): Answer => ({
    status,
    headers,
    body: { errors: [{ message, field: null }] },
  })
  const ses = (type: string, message = 'told', status = 400): Answer => ({
    status,
    headers: { 'x-amzn-errortype': `${type}:` },
    body: { message },
  })
  const resend = (status: number, name: string, headers = {}): Answer => ({
    status,
    headers,
    body: { name, message: 'told' },
  })
  const began = Date.now()
  const soon = () => String(Math.floor(began / 1_000) + 3_600)

  it.each<[string, Answer, RegExp, { final?: boolean; retryAfter?: number }]>([
    ['Postmark', postmark(406), /suppressed/, { final: true }],
    ['Postmark', postmark(400), /no sender signature/, {}],
    ['Postmark', postmark(405), /used up/, { retryAfter: 600_000 }],
    ['Postmark', postmark(300), /^Postmark: told$/, {}],
    ['Postmark', { ...postmark(429, 429), headers: { 'retry-after': '7' } }, /too many/, { retryAfter: 7_000 }],
    ['SendGrid', sendgrid(401, 'Maximum credits exceeded'), /used up/, { retryAfter: 600_000 }],
    ['SendGrid', sendgrid(403, 'The from address does not match a verified Sender Identity.'), /not verified/, {}],
    ['SendGrid', sendgrid(400, 'told'), /^SendGrid: told$/, {}],
    [
      'SendGrid',
      { ...sendgrid(429, 'no'), headers: { 'x-ratelimit-reset': soon() } },
      /too many/,
      { retryAfter: 3_600_000 },
    ],
    ['Amazon SES', ses('MessageRejected', 'Email address is not verified. …'), /not verified/, {}],
    ['Amazon SES', ses('SendingPausedException'), /paused/, { retryAfter: 600_000 }],
    [
      'Amazon SES',
      ses('TooManyRequestsException', 'Daily message quota exceeded.', 429),
      /of the day/,
      { retryAfter: 600_000 },
    ],
    ['Amazon SES', ses('MessageRejected'), /^Amazon SES: told$/, {}],
    [
      'Resend',
      resend(429, 'daily_quota_exceeded', { 'retry-after': '86400' }),
      /of the day/,
      { retryAfter: 86_400_000 },
    ],
    ['Resend', resend(429, 'monthly_quota_exceeded'), /of the month/, { retryAfter: 600_000 }],
    ['Resend', resend(403, 'invalid_api_key'), /key is wrong/, {}],
  ])('%s: %j', async (name, answer, reason, { final = false, retryAfter }) => {
    const service = await (SERVICES.find((one) => one.name === name) ?? expect.fail()).start()
    service.answers = [answer]
    const error = await byUrl(service.url, PATIENT)
      .send(newMail(), never)
      .then(
        () => expect.fail(),
        (thrown: unknown) => thrown as MailRefused,
      )
    await service.stop()
    expect(error).toBeInstanceOf(MailRefused)
    expect(error.message).toMatch(reason)
    expect(error.final).toBe(final)
    expect(error.retryAfter === undefined).toBe(retryAfter === undefined)
    // A date has whole seconds, and some time has passed
    const passed = (retryAfter ?? 0) - (error.retryAfter ?? 0)
    expect(passed).toBeGreaterThanOrEqual(0)
    expect(passed).toBeLessThanOrEqual(Date.now() - began + 1_000)
  })
})

describe.each(SERVICES)('$name', ({ name, start }) => {
  let service: TestMailService
  beforeAll(async () => {
    service = await start()
  })
  afterEach(() => {
    service.mode = 'accept'
    service.answers = []
    service.contents.length = service.mails.length = service.requests.length = 0
  })
  afterAll(() => service.stop())
  const send = (mail = newMail()) => byUrl(service.url, PATIENT).send(mail, never)

  it('gets the mail as it was written', async () => {
    await send()
    const { from, to, replyTo, parsed, headers } = service.mails[0] ?? expect.fail()
    expect(from).toEqual(FROM)
    expect(replyTo).toBe(SAMPLE.replyTo)
    expect(to).toEqual({ name: SAMPLE.to.name, address: 'joerg@xn--mller-kva.example' })
    expect(parsed).toEqual({ subject: SAMPLE.subject, text: SAMPLE.text, html: SAMPLE.html })
    const { 'Message-ID': _id, ...kept } = SAMPLE.headers
    expect(headers).toMatchObject(kept)
  })

  it('gets names without line breaks, so that nobody else gets the mail', async () => {
    await send({ ...newMail(), to: { name: 'Eve\r\nBcc: victim@example.com', address: 'eve@example.com' } })
    await send({
      ...newMail(),
      to: { name: 'victim@example.com, "x" <victim@example.com>', address: 'eve@example.com' },
    })
    await send({ ...newMail(), to: { name: '', address: 'eve@example.com' } })
    expect(service.mails.map(({ to }) => to)).toEqual([
      { name: 'Eve Bcc: victim@example.com', address: 'eve@example.com' },
      { name: 'victim@example.com, "x" <victim@example.com>', address: 'eve@example.com' },
      { name: '', address: 'eve@example.com' },
    ])
  })

  it('puts mails off when there were too many, and says for how long', async () => {
    service.mode = 'refuse-content'
    await expect(send()).rejects.toMatchObject({ name: 'MailRefused', retryAfter: 1_000 })
    await expect(send()).rejects.toThrow(`${name}: too many requests`)
  })

  it.each<[string, Answer, string]>([
    ['HTML of a stranger', { status: 200, body: '<html>Welcome to the airport</html>' }, 'unknown'],
    ['nothing', { status: 200 }, 'unknown'],
    ['an error of the server', { status: 503, body: '<html>Service unavailable</html>' }, 'unknown'],
    ['a redirect', { status: 307, headers: { location: '/elsewhere' } }, 'refused'],
    ['an error of the caller in HTML', { status: 403, body: '<html>Forbidden</html>' }, 'refused'],
    ['an error that is null', { status: 400, body: 'null' }, 'refused'],
  ])('that answers %s', async (_what, answer, expected) => {
    service.answers = [answer]
    expect(await outcome(send())).toBe(expected)
    expect(service.requests).toHaveLength(1)
  })

  it('says who was wrong when the credentials are', async () => {
    const url = service.url.replace(/:\/\/([^@?]{4})/, '://$1x')
    const mailer = byUrl(url, PATIENT)
    await expect(mailer.verify?.()).rejects.toThrow(/(token|key) is wrong/)
    const sending = mailer.send(newMail(), never)
    await expect(sending).rejects.toThrow(MailRefused)
    expect(service.contents).toEqual([])
  })
})
