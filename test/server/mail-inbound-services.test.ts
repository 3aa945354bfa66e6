// Replies by e-mail that services received: the same 44 mails over every way, and what may go wrong between a service and us.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { simpleParser } from 'mailparser'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { resendInbound, sesInbound } from '../../src/entries/node.ts'
import { replyAddresses } from '../../src/server/mail-replies/reply-address.ts'
import type { InboundOutcome } from '../../src/server/ports/observer.ts'
import type { MessagePage, SupportMessage } from '../../src/protocol/types.ts'
import { SECRET, startDesk, type Desk } from '../support/desk.ts'
import { FILES, fixture, REFUSED, WRITTEN } from '../support/inbound-mails.ts'
import { ses, snsMessage, TOPIC } from '../support/mail-services/events.ts'
import { RESEND_FULL_KEY, RESEND_KEY, startResend, type ReceivedMails } from '../support/mail-services/resend.ts'
import { startServer } from '../support/running-server.ts'
import { startS3, type TestS3 } from '../support/mail-services/s3.ts'
import type { TestMailService } from '../support/mail-services/server.ts'
import { SES_KEYS } from '../support/mail-services/ses.ts'

const DOMAIN = 'reply.acme.example'
const PASSWORD = 'only the mail server knows'
const HOOK = `whsec_${Buffer.from('a secret of the webhook of Resend').toString('base64')}`
const BUCKET = 'mails.acme.example'
const addresses = replyAddresses(DOMAIN, [SECRET])
const sns = ses()

let desk: Desk
let s3: TestS3
let resend: TestMailService
const received: ReceivedMails = new Map()
const outcomes: InboundOutcome[] = []
beforeAll(async () => {
  s3 = await startS3()
  resend = await startResend(0, { received })
  const bucket = { name: BUCKET, credentials: async () => SES_KEYS, url: s3.url, timeout: 10_000 }
  const get = async () => sns.cert.toString()
  const services = [
    sesInbound({ topicArn: TOPIC, get, bucket }),
    resendInbound({ secret: HOOK, key: RESEND_FULL_KEY, url: resend.origin, timeout: 10_000 }),
  ]
  desk = await startDesk({
    mailReplies: { domain: DOMAIN, secret: PASSWORD, services },
    observer: { inboundMail: (outcome) => outcomes.push(outcome) },
  })
})
afterAll(async () => {
  await desk.stop()
  await s3.stop()
  await resend.stop()
})
afterEach(() => {
  s3.mode = 'answer'
  s3.metadata = {}
})

interface Posted {
  path: string
  headers: Record<string, string>
  body: string | Buffer
}
const post = async ({ path, headers, body }: Posted): Promise<number> =>
  (await fetch(`${desk.url}/mail/inbound${path}`, { method: 'POST', headers, body })).status

const byPassword = { authorization: `Basic ${btoa(`x:${PASSWORD}`)}` }
const plain = (raw: Buffer): Posted => ({
  path: '',
  headers: { ...byPassword, 'content-type': 'message/rfc822' },
  body: raw,
})
const postmark = (raw: Buffer, to: string): Posted => ({
  path: '/postmark',
  headers: { ...byPassword, 'content-type': 'application/json' },
  body: JSON.stringify({ FromFull: { Email: 'x@example.com' }, OriginalRecipient: to, RawEmail: raw.toString() }),
})
function sendgrid(raw: Buffer, to: string): Posted {
  const field = (name: string, value: Buffer | string) => [
    Buffer.from(`--b0undary\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ]
  const envelope = JSON.stringify({ to: [to], from: 'bounces@example.com' })
  const body = Buffer.concat([
    ...field('email', raw),
    ...field('envelope', envelope),
    ...field('from', 'x@example.com'),
    Buffer.from('--b0undary--\r\n'),
  ])
  return {
    path: '/sendgrid',
    headers: { ...byPassword, 'content-type': 'multipart/form-data; boundary=b0undary' },
    body,
  }
}

interface Notification {
  receipt?: Record<string, unknown>
  content?: string
}
/** As SNS posts what SES tells */
function notified(to: string, { receipt = {}, content }: Notification, topic: Record<string, string> = {}): Posted {
  const verdict = { spamVerdict: { status: 'PASS' }, dmarcVerdict: { status: 'GRAY' } }
  const told = {
    notificationType: 'Received',
    receipt: { timestamp: new Date().toISOString(), recipients: [to], ...verdict, ...receipt },
    mail: { source: 'x@example.com', messageId: 'o3vrnil0e2ic28tr', destination: [to] },
    ...(content === undefined ? {} : { content }),
  }
  const message = snsMessage({ Type: 'Notification', Message: JSON.stringify(told), ...topic }, { key: sns.key })
  return {
    path: '/ses',
    headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' },
    body: JSON.stringify(message),
  }
}
const bySns = { action: { type: 'SNS', topicArn: TOPIC, encoding: 'BASE64' } }
const sesSns = (raw: Buffer, to: string): Posted =>
  notified(to, { receipt: bySns, content: raw.toString('base64').replace(/.{76}/g, '$&\r\n') })
const stored = (key: string, bucketName = BUCKET) => ({
  receipt: { action: { type: 'S3', topicArn: TOPIC, bucketName, objectKeyPrefix: 'in', objectKey: key } },
})
function sesS3(raw: Buffer, to: string, key = `in/${randomUUID()} (1)+'é'`): Posted {
  s3.objects.set(`${BUCKET}/${key}`, raw)
  return notified(to, stored(key))
}
/** The event that says that there is a mail, as Resend signs it */
function resendEvent(
  id: string,
  to: string[],
  { secret = HOOK, type = 'email.received', at = new Date() } = {},
): Posted {
  const data = {
    email_id: id,
    created_at: at.toISOString(),
    from: 'x@example.com',
    to,
    cc: [],
    bcc: [],
    received_for: to,
  }
  const body = JSON.stringify({
    type,
    created_at: at.toISOString(),
    data: { ...data, subject: 'Re:', attachments: [] },
  })
  const messageId = `msg_${randomUUID()}`
  return {
    path: '/resend',
    headers: {
      'content-type': 'application/json',
      'svix-id': messageId,
      'svix-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'svix-signature': new Webhook(secret).sign(messageId, at, body),
    },
    body,
  }
}
function resendRaw(raw: Buffer, to: string): Posted {
  const id = randomUUID()
  received.set(id, { raw, recipients: [to] })
  return resendEvent(id, [to])
}
async function resendParts(raw: Buffer, to: string): Promise<Posted> {
  const id = randomUUID()
  received.set(id, {
    raw,
    recipients: [to],
    inParts: await simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true, keepCidLinks: true }),
  })
  return resendEvent(id, [to])
}

const WAYS: Record<string, (raw: Buffer, to: string) => Posted | Promise<Posted>> = {
  'your own mail server': plain,
  Postmark: postmark,
  SendGrid: sendgrid,
  'Amazon SES by SNS': sesSns,
  'Amazon SES by S3': sesS3,
  Resend: resendRaw,
  'Resend without a file': resendParts,
}

/** A user with a chat, and the address by which they answer */
async function someone(id: string) {
  const { token, chatId } = await desk.person(id)
  return { email: `${id}@example.com`, reply: await addresses.of({ id: chatId, user_id: id }), token }
}
const pageOf = async (token: string): Promise<SupportMessage[]> =>
  (await desk.call<MessagePage>('GET', '/support_chat/messages', token)).body.messages
const messagesOf = async (token: string): Promise<string[]> => (await pageOf(token)).map(({ content }) => content)
const filesOf = async (token: string): Promise<string[]> =>
  (await pageOf(token)).flatMap(({ attachments }) =>
    attachments.map(({ name, type, size }) => `${name} ${type} ${size}`),
  )

describe.each(Object.entries(WAYS))('by %s', (way, posted) => {
  const idOf = (name: string) => `${name}-${way.replaceAll(/\W/g, '')}`

  it('what the person wrote joins the chat, once, from each of the mails', async () => {
    for (const [name, content] of Object.entries(WRITTEN)) {
      const { email, reply, token } = await someone(idOf(name))
      const request = await posted(fixture(name, email, reply), reply)
      expect([await post(request), await post(request)], name).toEqual([204, 204])
      expect(await messagesOf(token), name).toEqual([content])
      expect(await filesOf(token), name).toEqual(FILES[name] ?? [])
    }
  })

  it('nothing joins it from those that hold nothing to read', async () => {
    for (const [name, outcome] of Object.entries(REFUSED)) {
      const { email, reply, token } = await someone(idOf(name))
      expect(await post(await posted(fixture(name, email, reply), reply)), name).toBe(204)
      expect(outcomes.at(-1), name).toBe(outcome)
      expect(await messagesOf(token), name).toEqual([])
    }
  })
})

let count = 0
/** A mail of somebody who has a chat. `isIn`: whether it joined, once */
async function letter(text = 'Order 4711') {
  const { email, reply, token } = await someone(`letter-${++count}`)
  const raw = Buffer.from(
    [`From: ${email}`, `To: ${reply}`, `Message-ID: <${count}@example.com>`, 'Content-Type: text/plain', '', text].join(
      '\r\n',
    ),
  )
  return { email, reply, token, raw, text, isIn: async () => expect(await messagesOf(token)).toEqual([text]) }
}
const errors = () => desk.errors.splice(0).map(String).join()

describe('Amazon SES', () => {
  it('is not believed when the signature is wrong or missing, or the topic is another', async () => {
    const { raw, reply, token } = await letter()
    const request = sesS3(raw, reply)
    const message = JSON.parse(String(request.body)) as Record<string, string>
    const other = { TopicArn: 'arn:aws:sns:eu-central-1:999999999999:mail' }
    const forged = [
      { ...message, Message: message['Message']?.replace('GRAY', 'PASS') },
      { ...message, Signature: '' },
      { ...message, SignatureVersion: '9' },
      {
        ...message,
        SigningCertURL: 'https://sns.eu-central-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem',
      },
      { ...message, ...other },
    ]
    const asked = s3.asked.length
    for (const one of forged) expect(await post({ ...request, body: JSON.stringify(one) })).toBe(401)
    expect(await post(notified(reply, { receipt: bySns, content: raw.toString() }, other))).toBe(401)
    expect(await post({ ...request, body: 'no JSON' })).toBe(401)
    expect(await messagesOf(token)).toEqual([])
    expect(s3.asked).toHaveLength(asked)
    expect(errors()).toBe('')
  })

  it('is not kept out by strangers who send slowly', async () => {
    const strangers = Array.from({ length: 8 }, () => connect(Number(new URL(desk.url).port), '127.0.0.1'))
    for (const stranger of strangers) {
      await once(stranger, 'connect')
      stranger.on('error', () => undefined)
      stranger.write('POST /mail/inbound/ses HTTP/1.1\r\nHost: desk.example\r\nContent-Length: 1000\r\n\r\n{')
    }
    // Its requests reach the server after theirs
    const { raw, reply, isIn } = await letter()
    expect(await post(sesSns(raw, reply))).toBe(204)
    await isIn()
    for (const stranger of strangers) stranger.destroy()
  })

  it('may send the mail as text, and everything twice', async () => {
    const { raw, reply, isIn } = await letter()
    const request = notified(reply, { receipt: bySns, content: raw.toString() })
    expect([await post(request), await post(request), await post(sesSns(raw, reply))]).toEqual([204, 204, 204])
    await isIn()
  })

  it('is not asked for mails that are for nobody here, or of other actions and notifications', async () => {
    const { raw, reply, token } = await letter()
    const asked = s3.asked.length
    const mails = desk.mails.length
    for (const request of [
      sesS3(raw, 'sales@acme.example'),
      notified(reply, { receipt: { action: { type: 'Lambda', functionArn: 'x' } } }),
      notified(reply, { receipt: { action: { type: 'Stop' } } }),
      {
        ...sesS3(raw, reply),
        body: JSON.stringify(snsMessage({ Type: 'Notification', Message: 'hi' }, { key: sns.key })),
      },
      {
        ...sesS3(raw, reply),
        body: JSON.stringify(
          snsMessage({ Type: 'Notification', Message: '{"notificationType":"Bounce"}' }, { key: sns.key }),
        ),
      },
    ])
      expect(await post(request)).toBe(204)
    expect(await messagesOf(token)).toEqual([])
    expect([s3.asked.length, desk.mails.length]).toEqual([asked, mails])
  })

  it.each<[what: string, prepare: () => void, told: RegExp]>([
    ['is not there', () => s3.objects.clear(), /404 NoSuchKey/],
    ['does not come in time', () => (s3.mode = 'hang'), /timeout/i],
    ['breaks off', () => (s3.mode = 'cut'), /terminated|closed/],
    ['was encrypted', () => (s3.metadata = { 'x-amz-meta-x-amz-key-v2': 'x' }), /turn off message encryption/],
  ])('comes again when an object %s, and its mail is in the chat once', async (_what, prepare, told) => {
    const { raw, reply, isIn, token } = await letter()
    const request = sesS3(raw, reply, 'in/again')
    prepare()
    expect([await post(request), await post(request)]).toEqual([503, 503])
    expect(errors()).toMatch(told)
    expect(await messagesOf(token)).toEqual([])
    s3.objects.set(`${BUCKET}/in/again`, raw)
    s3.mode = 'answer'
    s3.metadata = {}
    expect([await post(request), await post(request)]).toEqual([204, 204])
    await isIn()
  })

  it('gets no object of another bucket read', async () => {
    const { reply } = await letter()
    const asked = s3.asked.length
    for (const one of [stored('in/x', 'secrets'), stored('../secrets/x'), stored('in/../../secrets/x'), stored('./x')])
      expect(await post(notified(reply, one))).toBe(503)
    expect(s3.asked).toHaveLength(asked)
    expect(errors()).toMatch(/is not the one that was set.*no name of an object that is read/)
  })

  it('may have a mail of any size, of which what the person wrote is read', async () => {
    const { email, reply, token } = await letter()
    const mail = [
      `From: ${email}\r\nTo: ${reply}\r\nMessage-ID: <large@example.com>`,
      'Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nSee the file\r\n--q',
      'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n',
    ].join('\r\n')
    const raw = Buffer.concat([Buffer.from(mail), Buffer.alloc(40_000_000, 'JVBERi0\r\n')])
    expect(await post(sesS3(raw, reply))).toBe(204)
    expect(await messagesOf(token)).toEqual([
      'See the file\n\n(Sent by e-mail. These attachments were left out: a.pdf)',
    ])
  })

  it('says whether the domain of the sender stands by the mail (DMARC)', async () => {
    const { reply, token, raw, email } = await letter()
    const alias = Buffer.from(raw.toString().replace(`From: ${email}`, 'From: ada.l@example.com'))
    const judged = (status: string, dmarcPolicy: string, mail: Buffer) =>
      notified(reply, {
        receipt: { ...bySns, dmarcVerdict: { status }, dmarcPolicy },
        content: mail.toString('base64'),
      })
    const cases: [Posted, InboundOutcome][] = [
      [judged('FAIL', 'reject', raw), 'forged'],
      [judged('FAIL', 'quarantine', raw), 'forged'],
      [judged('GRAY', '', alias), 'unknown'],
      [judged('FAIL', 'none', alias), 'unknown'],
      [judged('PASS', '', alias), 'joined'],
    ]
    for (const [request, outcome] of cases) {
      expect(await post(request)).toBe(204)
      expect(outcomes.at(-1)).toBe(outcome)
    }
    expect(await messagesOf(token)).toEqual(['Sent by e-mail from ada.l@example.com:\n\nOrder 4711'])
  })
})

describe('Resend', () => {
  const asked = () => resend.requests.length

  it('is not believed when it is forged, old, or of another account', async () => {
    const { raw, reply, token } = await letter()
    const id = randomUUID()
    received.set(id, { raw, recipients: [reply] })
    const good = resendEvent(id, [reply])
    const before = asked()
    const another = `whsec_${Buffer.from('a secret of another webhook').toString('base64')}`
    for (const request of [
      resendEvent(id, [reply], { secret: another }),
      resendEvent(id, [reply], { at: new Date(Date.now() - 6 * 60_000) }),
      resendEvent(id, [reply], { at: new Date(Date.now() + 6 * 60_000) }),
      { ...good, body: String(good.body).replace('Re:', 'RE:') },
      { ...good, headers: { 'content-type': 'application/json' } },
      { ...good, headers: { ...good.headers, 'svix-id': 'msg_other' } },
    ])
      expect(await post(request)).toBe(401)
    expect(asked()).toBe(before)
    expect(await messagesOf(token)).toEqual([])
  })

  it('is not asked for what is no mail, or is for another domain of the account', async () => {
    const before = asked()
    const mails = desk.mails.length
    expect(await post(resendEvent(randomUUID(), ['reply@acme.example']))).toBe(204)
    expect(await post(resendEvent(randomUUID(), [`x@${DOMAIN}`], { type: 'email.delivered' }))).toBe(204)
    expect([asked(), desk.mails.length]).toEqual([before, mails])
  })

  it.each<[what: string, answer: NonNullable<ReturnType<ReceivedMails['get']>>['answer'], told: RegExp]>([
    ['fails', { status: 500, body: { name: 'application_error', message: 'Something went wrong' } }, /: 500 /],
    ['has a limit', { status: 429, body: { name: 'rate_limit_exceeded', message: 'Too many requests' } }, /: 429 /],
    ['does not know the mail yet', { status: 404, body: { name: 'not_found', message: 'No' } }, /: 404 /],
    ['answers with a page', { status: 200, body: '<html>Maintenance</html>' }, /JSON/],
    ['leads elsewhere', { status: 302, headers: { location: 'https://evil.example/' }, body: '' }, /: 302/],
    ['has no file where it says', { status: 200, body: { raw: { download_url: 'http://evil.example/' } } }, /https:/],
  ])('comes again when it %s, and its mail is in the chat once', async (_what, answer, told) => {
    const { raw, reply, isIn, token } = await letter()
    const id = randomUUID()
    const recipients = [reply]
    received.set(id, { raw, recipients, ...(answer && { answer }) })
    const request = resendEvent(id, recipients)
    expect([await post(request), await post(request)]).toEqual([503, 503])
    expect(errors()).toMatch(told)
    expect(await messagesOf(token)).toEqual([])
    received.set(id, { raw, recipients })
    expect([await post(request), await post(request)]).toEqual([204, 204])
    await isIn()
  })
})

it('without the secret, mails come from the services alone', async () => {
  const services = [resendInbound({ secret: HOOK, key: RESEND_KEY, url: resend.origin })]
  const alone = await startDesk({ mailReplies: { domain: DOMAIN, services } })
  const at = async ({ path, headers, body }: Posted) =>
    (await fetch(`${alone.url}/mail/inbound${path}`, { method: 'POST', headers, body })).status
  const { reply, raw } = await letter()
  const id = randomUUID()
  received.set(id, { raw, recipients: [reply] })
  // Its key may only send
  expect([await at(plain(raw)), await at(postmark(raw, reply)), await at(resendEvent(id, [reply]))]).toEqual([
    404, 404, 503,
  ])
  expect(String(alone.errors[0])).toMatch(/401 .*restricted_api_key/)
  await alone.stop()
})

it('a stand-alone server takes mails by MAIL_INBOUND, and answers one to an address that is not good', async () => {
  const server = await startServer({
    MAIL_URL: `resend://${RESEND_FULL_KEY}?host=${encodeURIComponent(resend.origin)}`,
    MAIL_REPLY_DOMAIN: DOMAIN,
    MAIL_INBOUND: HOOK,
  })
  const raw = Buffer.from(`From: eve@example.com\r\nTo: old@${DOMAIN}\r\nMessage-ID: <eve@example.com>\r\n\r\nHello`)
  const id = randomUUID()
  received.set(id, { raw, recipients: [`old@${DOMAIN}`] })
  const at = async ({ path, headers, body }: Posted) =>
    (await fetch(`${server.url}/mail/inbound${path}`, { method: 'POST', headers, body })).status
  const event = resendEvent(id, [`old@${DOMAIN}`])
  expect([await at({ ...event, body: `${String(event.body)} ` }), await at(plain(raw))]).toEqual([401, 404])
  expect(await at(event)).toBe(204)
  await expect.poll(() => resend.mails.map(({ to }) => to.address)).toEqual(['eve@example.com'])
  await server.stop()
})
