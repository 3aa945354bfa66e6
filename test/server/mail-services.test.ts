// The services of test/support/mail-services, asked by the clients that the real ones publish: what these send is understood, and
// what they answer these understand.
import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2'
import { EventWebhook } from '@sendgrid/eventwebhook'
import sendgrid from '@sendgrid/mail'
import { simpleParser } from 'mailparser'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { ServerClient } from 'postmark'
import SnsValidator from 'sns-validator'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { fixture } from '../support/inbound-mails.ts'
import { certificateFor } from '../support/certificate.ts'
import { sendgrid as sendgridSource, ses as sesSource, snsMessage } from '../support/mail-services/events.ts'
import { POSTMARK_TOKEN, startPostmark } from '../support/mail-services/postmark.ts'
import { Resend } from '../support/mail-services/resend-client.ts'
import { RESEND_FULL_KEY, RESEND_KEY, startResend } from '../support/mail-services/resend.ts'
import { SENDGRID_KEY, startSendgrid } from '../support/mail-services/sendgrid.ts'
import { SES_KEYS, SES_REGION, startSes } from '../support/mail-services/ses.ts'
import type { TestMailService } from '../support/mail-services/server.ts'

let service: TestMailService
afterEach(() => service.stop())

const SENT = {
  from: { name: 'Acme', address: 'support@acme.example' },
  to: { name: 'Ada', address: 'ada@example.com' },
  replyTo: 'reply@acme.example',
  headers: { 'X-One': 'one' },
  parsed: { subject: 'Hello ☕', text: 'text ☕', html: '<p>html ☕</p>' },
}
const { subject, text, html } = SENT.parsed
const { replyTo } = SENT
const [from, to] = ['Acme <support@acme.example>', 'Ada <ada@example.com>']

describe('Postmark', () => {
  const client = (token: string) =>
    new ServerClient(token, { requestHost: new URL(service.origin).host, useHttps: false })
  const mail = { From: from, To: to, ReplyTo: replyTo, Subject: subject, TextBody: text, HtmlBody: html }

  it('understands its client, and is understood', async () => {
    service = await startPostmark()
    const mine = client(POSTMARK_TOKEN)
    const { MessageID } = await mine.sendEmail({ ...mail, Headers: [{ Name: 'X-One', Value: 'one' }] })
    expect(MessageID).toBeTruthy()
    expect(service.mails).toMatchObject([SENT])
    expect((await mine.getServer()).Name).toBe('Test')
    await expect(mine.sendEmail({ ...mail, MessageStream: 'nowhere' })).rejects.toMatchObject({ statusCode: 422 })
    service.mode = 'refuse-content'
    await expect(mine.sendEmail(mail)).rejects.toMatchObject({ name: 'RateLimitExceededError' })
    service.mode = 'refuse'
    await expect(mine.sendEmail(mail)).rejects.toMatchObject({ name: 'InvalidEmailRequestError' })
    await expect(client('another').sendEmail(mail)).rejects.toMatchObject({ name: 'InvalidAPIKeyError' })
    expect(service.mails).toHaveLength(1)
  })
})

describe('SendGrid', () => {
  it('understands its client, and is understood', async () => {
    service = await startSendgrid()
    const use = (key: string) => {
      sendgrid.setApiKey(key)
      // After the key, which sets it too
      Reflect.get(sendgrid, 'client').setDefaultRequest('baseUrl', service.origin)
    }
    use(SENDGRID_KEY)
    const mail = { from, to, replyTo, subject, text, html, headers: { 'X-One': 'one' } }
    const [response] = await sendgrid.send(mail)
    expect([response.statusCode, response.headers['x-message-id']]).toEqual([202, expect.stringMatching(/^sendgrid-/)])
    expect(service.mails).toMatchObject([SENT])
    await expect(sendgrid.send({ ...mail, headers: { 'Reply-To': 'x@example.com' } })).rejects.toMatchObject({
      code: 400,
    })
    service.mode = 'refuse-content'
    await expect(sendgrid.send(mail)).rejects.toMatchObject({ code: 429 })
    use('SG.another')
    await expect(sendgrid.send(mail)).rejects.toMatchObject({ code: 401 })
    expect(service.mails).toHaveLength(1)
  })
})

describe('Amazon SES', () => {
  const command = new SendEmailCommand({
    FromEmailAddress: from,
    Destination: { ToAddresses: [to] },
    ReplyToAddresses: [replyTo],
    Content: {
      Simple: {
        Subject: { Data: subject },
        Body: { Text: { Data: text }, Html: { Data: html } },
        Headers: [{ Name: 'X-One', Value: 'one' }],
      },
    },
  })
  const client = (credentials = SES_KEYS) =>
    new SESv2Client({ endpoint: service.origin, region: SES_REGION, credentials, maxAttempts: 1 })

  it('computes the signature of its client, and is understood', async () => {
    service = await startSes()
    expect((await client().send(command)).MessageId).toBeTruthy()
    expect(service.mails).toMatchObject([SENT])
    service.mode = 'refuse-content'
    await expect(client().send(command)).rejects.toMatchObject({ name: 'TooManyRequestsException' })
    service.mode = 'refuse'
    await expect(client().send(command)).rejects.toMatchObject({ name: 'MessageRejected' })
    const wrong = [{ secretAccessKey: 'x'.repeat(40) }, { accessKeyId: 'AKIAOTHER' }, { sessionToken: 'session' }]
    for (const part of wrong) await expect(client({ ...SES_KEYS, ...part }).send(command)).rejects.toThrow(/signature/)
    expect(service.mails).toHaveLength(1)
  })

  it('wants the token of a session', async () => {
    const keys = { ...SES_KEYS, sessionToken: 'session/token+==' }
    service = await startSes(0, { keys })
    expect((await client(keys).send(command)).MessageId).toBeTruthy()
    await expect(client().send(command)).rejects.toThrow(/signature/)
  })
})

describe('Resend', () => {
  it('gives out what it received to its client, with a key that may read it', async () => {
    const mail = { raw: Buffer.from('From: a@b.example\r\n\r\nHello'), recipients: ['reply@acme.example'] }
    const withFile = {
      ...mail,
      inParts: await simpleParser(fixture('with-attachment', from, mail.recipients[0] ?? '')),
    }
    service = await startResend(0, {
      received: new Map([
        ['one', mail],
        ['file', withFile],
      ]),
    })
    const reading = (key: string, id: string) => new Resend(key, { baseUrl: service.origin }).emails.receiving.get(id)
    const { data } = await reading(RESEND_FULL_KEY, 'one')
    expect(data).toMatchObject({ id: 'one', received_for: mail.recipients })
    const file = await fetch((data as unknown as { raw: { download_url: string } }).raw.download_url)
    expect(await file.text()).toBe(String(mail.raw))
    const client = new Resend(RESEND_FULL_KEY, { baseUrl: service.origin })
    const attachment = await client.emails.receiving.attachments.get({ emailId: 'file', id: 'attachment-0' })
    const content = await fetch(attachment.data?.download_url ?? '')
    expect(await content.text()).toBe('%PDF-1.4')
    expect((await reading(RESEND_FULL_KEY, 'two')).error).toMatchObject({ name: 'not_found' })
    expect((await reading(RESEND_KEY, 'one')).error).toMatchObject({ name: 'restricted_api_key' })
  })

  it('understands its client, is understood, and takes the same key with the same mail once', async () => {
    service = await startResend()
    const client = (key: string) => new Resend(key, { baseUrl: service.origin })
    const mail = { from, to, replyTo, subject, text, html, headers: { 'X-One': 'one' } }
    const once = { idempotencyKey: 'one' }
    const first = await client(RESEND_KEY).emails.send(mail, once)
    expect(first.error).toBeNull()
    expect(service.mails).toMatchObject([SENT])
    expect((await client(RESEND_KEY).emails.send(mail, once)).data).toEqual(first.data)
    const other = await client(RESEND_KEY).emails.send({ ...mail, subject: 'Other' }, once)
    expect(other.error).toMatchObject({ name: 'invalid_idempotent_request' })
    service.mode = 'refuse-content'
    expect((await client(RESEND_KEY).emails.send(mail)).error).toMatchObject({ name: 'rate_limit_exceeded' })
    expect((await client('re_another').emails.send(mail)).error).toMatchObject({ statusCode: 401 })
    expect(service.mails).toHaveLength(1)
  })
})

describe('what services tell', () => {
  const told = { reference: 'r', address: 'ada@example.com', kind: 'bounced', at: new Date().toISOString() } as const

  it('is signed here as SendGrid’s own library checks it', async () => {
    service = await startSendgrid()
    const source = sendgridSource()
    const { headers, body } = source.tell(told)
    const check = new EventWebhook()
    const [signature = '', timestamp = ''] = ['signature', 'timestamp'].map(
      (name) => headers[`x-twilio-email-event-webhook-${name}`],
    )
    const isGood = (text: string) =>
      check.verifySignature(check.convertPublicKeyToECDSA(source.publicKey), text, signature, timestamp)
    expect([isGood(body), isGood(`${body} `)]).toEqual([true, false])
  })

  it.each(['1', '2'])('is signed here as a library for SNS checks it, with version %s', async (version) => {
    service = await startSes()
    const { key, cert } = sesSource()
    const tls = certificateFor('localhost')
    const server = https.createServer(tls, (_request, response) => response.end(cert))
    await new Promise<void>((resolve) => server.listen(0, resolve))
    // The library asks by the agent that everybody in this process shares
    const { options } = https.globalAgent
    options.ca = tls.cert
    onTestFinished(() => void delete options.ca)
    const { port } = server.address() as AddressInfo
    const SigningCertURL = `https://localhost:${port}/SimpleNotificationService-1.pem`
    const message = snsMessage({ Type: 'Notification', Message: 'm', Subject: 's', SigningCertURL }, { key, version })
    const isGood = (text: object) =>
      new Promise((resolve) => {
        new SnsValidator(/^localhost/).validate(text, (error) => resolve(error === null))
      })
    expect([await isGood(message), await isGood({ ...message, Message: 'other' })]).toEqual([true, false])
    server.close()
  })
})
