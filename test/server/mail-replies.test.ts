// Replies by e-mail: 44 mails as programs write them, through the real route, into the chats of a real server.
import { readdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAX_CONTENT } from '../../src/protocol/limits.ts'
import { replyAddresses } from '../../src/server/mail-replies/reply-address.ts'
import type { SupportAttachment } from '../../src/protocol/attachments.ts'
import type { MessagePage } from '../../src/protocol/types.ts'
import type { InboundOutcome } from '../../src/server/ports/observer.ts'
import { pixels } from '../support/pictures.ts'
import { SECRET, startDesk, type Desk } from '../support/desk.ts'
import { fixture, MAILS, REFUSED, WRITTEN } from '../support/inbound-mails.ts'

const mailReplies = { domain: 'reply.acme.example', secret: 'only the mail server knows' }
const addresses = replyAddresses(mailReplies.domain, [SECRET])

let desk: Desk
const outcomes: InboundOutcome[] = []
beforeAll(async () => {
  desk = await startDesk({ mailReplies, observer: { inboundMail: (outcome) => outcomes.push(outcome) } })
})
afterAll(() => desk.stop())

async function deliver(mail: string | Buffer, path = '/mail/inbound', type = 'message/rfc822'): Promise<Response> {
  const headers = { 'content-type': type, authorization: `Bearer ${mailReplies.secret}` }
  return fetch(desk.url + path, { method: 'POST', headers, body: mail })
}
/** A user with a chat, and the address by which they answer */
async function someone(id: string): Promise<{ id: string; email: string; reply: string; token: string }> {
  const { token, chatId } = await desk.person(id)
  return { id, email: `${id}@example.com`, reply: await addresses.of({ id: chatId, user_id: id }), token }
}
/** Of each message */
async function files(token: string): Promise<string[][]> {
  const { body } = await desk.call<MessagePage>('GET', '/support_chat/messages', token)
  const described = async ({ name, type, size, url }: SupportAttachment): Promise<string> =>
    `${name} ${type} ${size} ${(await (await fetch(`${desk.url}/${url}`)).text()).slice(0, 20)}`
  return Promise.all(body.messages.map(({ attachments }) => Promise.all(attachments.map(described))))
}
async function stored(token: string): Promise<string[]> {
  const { body } = await desk.call<{ messages: { content: string; sender_type: string; client_id: string }[] }>(
    'GET',
    '/support_chat/messages',
    token,
  )
  for (const { sender_type, client_id } of body.messages)
    expect([sender_type, client_id]).toEqual(['user', expect.stringMatching(/^email:/)])
  return body.messages.map(({ content }) => content)
}

it('has a mail for each shape', () => {
  const names = readdirSync(MAILS).map((file) => file.replace('.eml', ''))
  expect(names.toSorted()).toEqual([...Object.keys(WRITTEN), ...Object.keys(REFUSED)].toSorted())
})

it.each(Object.entries(WRITTEN))('takes from %s what the person wrote, once', async (name, content) => {
  const { email, reply, token } = await someone(name)
  const mail = fixture(name, email, reply)
  expect([(await deliver(mail)).status, (await deliver(mail)).status]).toEqual([204, 204])
  expect(await stored(token)).toEqual([content])
})

it.each(Object.entries(REFUSED))('takes nothing from %s, and answers a person once', async (name, outcome) => {
  const { email, reply, token } = await someone(name)
  const before = desk.mails.length
  const mail = fixture(name, email, reply)
  for (let times = 0; times < 3; times++) expect((await deliver(mail)).status).toBe(204)
  expect(outcomes.slice(-3)).toEqual([outcome, outcome, outcome])
  expect(await stored(token)).toEqual([])
  const answers = () => desk.mails.slice(before)
  if (outcome === 'automatic') return expect(answers()).toEqual([])
  await expect.poll(() => answers().length).toBe(1)
  expect(answers()).toMatchObject([
    {
      to: { address: email },
      headers: { 'Auto-Submitted': 'auto-replied', 'In-Reply-To': `<${name}@mail.example.com>` },
    },
  ])
})

const plainMail = (headers: Record<string, string>, body = 'Hello'): string =>
  [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n')
/** A mail as their program would send it */
const answerOf = (who: { email: string; reply: string }, headers: Record<string, string> = {}, body?: string): string =>
  plainMail({ From: who.email, To: who.reply, 'Message-ID': `<${crypto.randomUUID()}@example.com>`, ...headers }, body)
const last = (): InboundOutcome | undefined => outcomes.at(-1)

describe('the address', () => {
  it('is in the mail about a reply, and what is sent there joins the chat as a message of the user', async () => {
    const hasty = await startDesk({ mailReplies, notifyAfter: 1 })
    const { token, chatId } = await hasty.person('ada')
    await hasty.call('POST', `/admin/chats/${chatId}/messages`, await hasty.admin(), { content: 'Which order?' })
    await expect.poll(() => hasty.mails.length).toBe(1)
    const reply = hasty.mails[0]?.replyTo ?? ''
    expect(reply).toMatch(/^reply\+[a-z2-7]{42}@reply\.acme\.example$/)
    const headers = { 'content-type': 'message/rfc822', authorization: `Bearer ${mailReplies.secret}` }
    const body = answerOf({ email: 'ada@example.com', reply }, {}, '4711')
    const response = await fetch(`${hasty.url}/mail/inbound`, { method: 'POST', headers, body })
    const { body: page } = await hasty.call('GET', '/support_chat/messages', token)
    await hasty.stop()
    expect(response.status).toBe(204)
    expect(page['messages']).toMatchObject([
      { content: 'Which order?' },
      { content: '4711', sender_type: 'user', sender_name: 'User ada', seq: 2 },
    ])
  })

  it('may come in capitals, from the envelope alone, or among others', async () => {
    const ada = await someone('ada-capitals')
    await deliver(answerOf({ ...ada, email: ada.email.toUpperCase(), reply: ada.reply.toUpperCase() }, {}, 'One'))
    await deliver(answerOf({ ...ada, reply: 'undisclosed-recipients:;' }, { 'Delivered-To': ada.reply }, 'Two'))
    await deliver(
      answerOf({ ...ada, reply: 'Sales <sales@acme.example>' }, { Cc: `Eve <eve@x.org>, ${ada.reply}` }, 'Three'),
    )
    expect(await stored(ada.token)).toEqual(['One', 'Two', 'Three'])
  })

  it('is good for its chat and user only, and was not made up', async () => {
    const [ada, bob] = [await someone('ada-forged'), await someone('bob-forged')]
    const { chatId } = await desk.person('bob-forged')
    const [local = '', domain = ''] = ada.reply.split('@')
    const forged = [
      `${local.slice(0, -1)}${local.endsWith('q') ? 'a' : 'q'}@${domain}`,
      `${local.slice(0, -1)}@${domain}`,
      `${local}@elsewhere.example`,
      await replyAddresses(domain, ['another secret']).of({ id: chatId, user_id: 'bob-forged' }),
      await addresses.of({ id: chatId, user_id: 'ada-forged' }),
      `reply+${'a'.repeat(42)}@${domain}`,
    ]
    for (const reply of forged) {
      expect((await deliver(answerOf({ email: ada.email, reply }))).status).toBe(204)
      expect(last(), reply).toBe('unknown')
    }
    // The right one, from somebody else
    await deliver(answerOf({ email: ada.email, reply: bob.reply }))
    expect(last()).toBe('unknown')
    expect([await stored(ada.token), await stored(bob.token)]).toEqual([[], []])
    await expect.poll(() => desk.mails.filter(({ to }) => to.address === ada.email).length).toBe(1)
  })

  it('outlives the secret that is being replaced, and ends with the person', async () => {
    const { deskbell, ...ada } = { ...(await someone('ada-erased')), deskbell: desk.deskbell }
    const rotated = replyAddresses(mailReplies.domain, ['the next secret, which signs from now on', SECRET])
    const token = rotated.read(ada.reply)
    const chat = await desk.store.findChatOf(ada.id)
    expect(token && chat && (await rotated.isFor(token, chat))).toBe(true)
    await deskbell.erasePerson(ada.id)
    await deliver(answerOf(ada))
    expect(last()).toBe('unknown')
    expect(await desk.store.findPerson(ada.id)).toBeUndefined()
  })
})

it('somebody gets one refusal a day, however many nodes get their mails', async () => {
  const other = await startDesk({ mailReplies }, desk.file)
  const eve = { email: 'eve-of-two-nodes@example.com', reply: `reply+${'c'.repeat(42)}@${mailReplies.domain}` }
  const headers = { authorization: `Bearer ${mailReplies.secret}` }
  const post = async (node: Desk) => {
    const { status } = await fetch(`${node.url}/mail/inbound`, { method: 'POST', headers, body: answerOf(eve) })
    expect(status).toBe(204)
  }
  const sent = () => [...desk.mails, ...other.mails].filter(({ to }) => to.address === eve.email)
  for (let round = 0; round < 3; round++) await Promise.all([post(desk), post(other)])
  // The nodes decide apart from the answer, one after the other
  const bob = { ...eve, email: 'bob-of-two-nodes@example.com' }
  await fetch(`${other.url}/mail/inbound`, { method: 'POST', headers, body: answerOf(bob) })
  await expect.poll(() => other.mails.some(({ to }) => to.address === bob.email)).toBe(true)
  expect(sent()).toHaveLength(1)
  await other.stop()
})

it('nobody is told anything about a mail that was for another domain', async () => {
  await deliver(answerOf({ email: 'mallory@example.com', reply: 'sales@acme.example' }))
  expect(last()).toBe('unknown')
  await deliver(answerOf({ email: 'trudy@example.com', reply: `x@${mailReplies.domain.toUpperCase()}` }))
  await expect.poll(() => desk.mails.some(({ to }) => to.address === 'trudy@example.com')).toBe(true)
  expect(desk.mails.some(({ to }) => to.address === 'mallory@example.com')).toBe(false)
})

describe('bad mail', () => {
  it('is refused without the secret, and so is one that is too large or none at all', async () => {
    const ada = await someone('ada-refused')
    const post = (authorization: string, body: string | Uint8Array<ArrayBuffer> = answerOf(ada)) =>
      fetch(`${desk.url}/mail/inbound`, { method: 'POST', body, headers: authorization ? { authorization } : {} })
    const basic = (password: string) => `Basic ${btoa(`deskbell:${password}`)}`
    for (const wrong of ['', 'Bearer x', basic(''), basic(`${mailReplies.secret}x`), 'Basic %%%', 'Digest x']) {
      const response = await post(wrong)
      expect([response.status, ((await response.json()) as { code: string }).code], wrong).toEqual([
        401,
        'unauthorized',
      ])
    }
    expect((await post(basic(mailReplies.secret), new Uint8Array(50_000_001))).status).toBe(413)
    const nested = `${'Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n'.repeat(200)}`
    expect((await post(basic(mailReplies.secret), nested)).status).toBe(400)
    for (const odd of ['', 'not a mail', '\0\0\0', `From: ${ada.email}`, '\r\n'.repeat(1_000)]) {
      expect((await post(basic(mailReplies.secret), odd)).status, JSON.stringify(odd)).toBe(204)
    }
    expect(await stored(ada.token)).toEqual([])
    expect((await post(basic(mailReplies.secret))).status).toBe(204)
    expect(await stored(ada.token)).toEqual(['Hello'])
  })

  it('that is one of ours and came back is dropped, so nobody writes to themselves', async () => {
    const ada = await someone('ada-loop')
    const before = desk.mails.length
    await deliver(answerOf(ada, { 'Content-Type': 'text/calendar' }))
    await expect.poll(() => desk.mails.length).toBe(before + 1)
    const [answer] = desk.mails.slice(before)
    expect(answer?.text).toContain('it is an invitation')
    await deliver(answerOf(ada, answer?.headers))
    expect(last()).toBe('automatic')
    expect(desk.mails.slice(before)).toHaveLength(1)
  })

  it('puts nothing into the headers of the answer', async () => {
    const subject = '=?utf-8?Q?Hi=0D=0ABcc:_victim=40example.com?='
    const before = desk.mails.length
    await deliver(
      answerOf(
        { email: 'eve@example.org', reply: `reply+${'b'.repeat(42)}@${mailReplies.domain}` },
        {
          Subject: subject,
          'Message-ID': '<a b\tc>',
        },
      ),
    )
    await expect.poll(() => desk.mails.length).toBe(before + 1)
    const [mail] = desk.mails.slice(before)
    expect(mail?.subject).toBe('Re: Hi Bcc: victim@example.com')
    expect(Object.keys(mail?.headers ?? {})).toEqual(['Auto-Submitted', 'X-Auto-Response-Suppress'])
  })
})

it('parts a mail that is longer than a message, and refuses one that no chat should hold', async () => {
  const ada = await someone('ada-long')
  const paragraph = `${'A word or two. '.repeat(60).trim()}`
  const text = Array.from({ length: 25 }, (_, index) => `${index}: ${paragraph}`).join('\r\n\r\n')
  const mail = answerOf(ada, {}, text)
  await deliver(mail)
  await deliver(mail)
  const parts = await stored(ada.token)
  expect(parts.length).toBe(3)
  expect(parts.every((part) => part.length <= MAX_CONTENT)).toBe(true)
  expect(parts.join('\n\n')).toBe(text.replaceAll('\r\n', '\n'))
  await deliver(answerOf(ada, {}, 'x'.repeat(60_000)))
  expect(last()).toBe('too_long')
})

it('reads mails that were made to be slow in one turn with others', async () => {
  const ada = await someone('ada-flood')
  const headers = `${'A: b\r\n'.repeat(200_000)}From: ${ada.email}\r\nTo: ${ada.reply}\r\n\r\nHello`
  const markers = answerOf(ada, {}, '##- '.repeat(1_000_000))
  const quoted = answerOf(ada, {}, 'a@b 10:30 wrote:\r\n\r\n> x\r\n'.repeat(100_000))
  const emptyLines = answerOf(ada, {}, `Hello${'\n'.repeat(2_000_000)}`)
  for (const mail of [headers, markers, quoted, emptyLines]) expect((await deliver(mail)).status).toBe(204)
  expect(await stored(ada.token)).toEqual(['Hello'])
})

describe('files', () => {
  const file = (name: string, content: string | Buffer) =>
    [
      '--q',
      `Content-Type: application/octet-stream; name="${name}"`,
      'Content-Transfer-Encoding: base64',
      `Content-Disposition: attachment; filename="${name}"`,
      '',
      Buffer.from(content).toString('base64'),
      '',
    ].join('\r\n')
  const mailWith = (who: { email: string; reply: string }, text: string, parts: string[]): string =>
    answerOf(who, { 'Content-Type': 'multipart/mixed; boundary=q' }, ['--q', '', text, ...parts, '--q--'].join('\r\n'))
  async function contents(): Promise<number> {
    const folder = join(dirname(desk.file), 'files')
    return (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile()).length
  }

  it('join the chat with the text, as what they are, once', async () => {
    const ada = await someone('ada-files')
    const mail = mailWith(ada, 'See below', [file('../../a.png', pixels(30, 20)), file('b.txt', 'Hello')])
    expect((await Promise.all([deliver(mail), deliver(mail)])).map(({ status }) => status)).toEqual([204, 204])
    expect((await deliver(mail)).status).toBe(204)
    expect(await stored(ada.token)).toEqual(['See below'])
    expect(await files(ada.token)).toEqual([[expect.stringMatching(/^a\.png image\/png /), 'b.txt text/plain 5 Hello']])
    const { body } = await desk.call<MessagePage>('GET', '/support_chat/messages', ada.token)
    expect(body.messages[0]?.attachments[0]).toMatchObject({ width: 30, height: 20 })
  })

  it('that are too large, empty, cut off or too many are left out and named, and the rest joins', async () => {
    const ada = await someone('ada-large')
    const large = Buffer.alloc(30_000_000, 'x')
    const cut = file('cut.txt', 'x'.repeat(4_000)).slice(0, 3_000)
    const mail = mailWith(ada, 'Many', [file('large.txt', large), file('none.txt', ''), file('b.txt', 'Hello')])
    expect((await deliver(mail)).status).toBe(204)
    expect((await deliver(mailWith(ada, 'Cut', [file('c.txt', 'Hello'), cut]).replace(/--q--$/, ''))).status).toBe(204)
    const left = (names: string) => `(Sent by e-mail. These attachments were left out: ${names})`
    expect(await stored(ada.token)).toEqual([`Many\n\n${left('large.txt, none.txt')}`, `Cut\n\n${left('cut.txt')}`])
    expect(await files(ada.token)).toEqual([['b.txt text/plain 5 Hello'], ['c.txt text/plain 5 Hello']])
  })

  it('that the text shows join, but for those of old mails and the symbols of a signature', async () => {
    const ada = await someone('ada-pictures')
    const picture = (id: string, bytes: number) =>
      [
        '--q',
        `Content-Type: image/png; name="${id}.png"`,
        'Content-Transfer-Encoding: base64',
        `Content-ID: <${id}@x>`,
        'Content-Disposition: inline',
        '',
        Buffer.concat([pixels(30, 20), Buffer.alloc(bytes)]).toString('base64'),
      ].join('\r\n')
    const html =
      '<p>It looks like this:</p><div><img src="cid:pasted@x" alt="Screen"></div><p>Ada <img src="cid:logo@x"></p>' +
      '<div>On Mon, Nov 23, 2026 at 10:12 AM Acme &lt;support@acme.example&gt; wrote:<br></div><blockquote><img src="cid:old@x"></blockquote>'
    const parts = ['--q', 'Content-Type: text/html', '', html]
    parts.push(picture('pasted', 12_000), picture('logo', 2_000), picture('old', 12_000), '--q--')
    await deliver(answerOf(ada, { 'Content-Type': 'multipart/related; boundary=q' }, parts.join('\r\n')))
    expect(await stored(ada.token)).toEqual(['It looks like this:\n\nAda'])
    expect(await files(ada.token)).toEqual([[expect.stringMatching(/^pasted\.png image\/png 12\d{3} /)]])
  })

  it('of more than a message holds go into several', async () => {
    const ada = await someone('ada-many')
    const parts = Array.from({ length: 23 }, (_, index) => file(`${index}.txt`, `${index}`))
    for (let times = 0; times < 2; times++) await deliver(mailWith(ada, 'Many', parts))
    expect(await stored(ada.token)).toEqual(['Many', '', '', 'Many', '', ''])
    expect((await files(ada.token)).map(({ length }) => length)).toEqual([10, 10, 3, 10, 10, 3])
  })

  it('of a mail that may not be in the chat are not stored', async () => {
    const [ada, bob] = [await someone('ada-not-stored'), await someone('bob-not-stored')]
    const before = await contents()
    await deliver(mailWith({ ...ada, email: 'eve@example.org' }, 'Hi', [file('a.txt', 'Hello')]))
    await deliver(mailWith({ ...ada, reply: bob.reply }, 'Hi', [file('a.txt', 'Hello')]))
    await deliver(mailWith(ada, 'x'.repeat(60_000), [file('a.txt', 'Hello')]))
    expect(await contents()).toBe(before)
    // The second mail has the name of the first, which is in the chat
    const again = { 'Message-ID': '<the-same@example.com>', 'Content-Type': 'multipart/mixed; boundary=q' }
    const body = (text: string, parts: string[]) => ['--q', '', text, ...parts, '--q--'].join('\r\n')
    await deliver(answerOf(ada, again, body('One', [])))
    await deliver(answerOf(ada, again, body('Two', [file('a.txt', 'Hello')])))
    expect(await stored(ada.token)).toEqual(['One'])
    expect(await contents()).toBe(before)
  })

  it('are left out where messages carry none, and a mail of files alone is then answered', async () => {
    const plain = await startDesk({ mailReplies, attachments: undefined })
    const { token, chatId } = await plain.person('ada')
    const who = { email: 'ada@example.com', reply: await addresses.of({ id: chatId, user_id: 'ada' }) }
    for (const text of ['See below', '']) {
      const headers = { 'content-type': 'message/rfc822', authorization: `Bearer ${mailReplies.secret}` }
      const mail = mailWith(who, text, [file('a.txt', 'Hello')])
      expect((await fetch(`${plain.url}/mail/inbound`, { method: 'POST', headers, body: mail })).status).toBe(204)
    }
    const { body } = await plain.call<MessagePage>('GET', '/support_chat/messages', token)
    await expect.poll(() => plain.mails.length).toBe(1)
    await plain.stop()
    expect(body.messages).toMatchObject([
      { content: 'See below\n\n(Sent by e-mail. These attachments were left out: a.txt)', attachments: [] },
    ])
  })
})

describe('Postmark', () => {
  const postmark = (body: unknown) => deliver(JSON.stringify(body), '/mail/inbound/postmark', 'application/json')
  const parsed = ({ email, reply }: { email: string; reply: string }, rest: object = {}) => ({
    FromFull: { Email: email, Name: 'Ada', MailboxHash: '' },
    ToFull: [{ Email: 'sales@acme.example', Name: '', MailboxHash: '' }],
    OriginalRecipient: reply,
    MessageID: crypto.randomUUID(),
    Subject: 'Re: New reply',
    TextBody: 'Order 4711\n\nOn Mon, Nov 23, 2026 at 10:12 AM Acme <support@acme.example> wrote:\n\n> Which one?',
    HtmlBody: '',
    Headers: [{ Name: 'Message-ID', Value: '<one@example.com>' }],
    Attachments: [{ Name: 'a.pdf', Content: 'JVBERi0=', ContentType: 'application/pdf', ContentLength: 5 }],
    ...rest,
  })

  it('delivers a mail in parts, or as it was sent, and twice', async () => {
    const ada = await someone('ada-postmark')
    for (let times = 0; times < 2; times++) expect((await postmark(parsed(ada))).status).toBe(204)
    const raw = fixture('gmail-ja', ada.email, ada.reply).toString('latin1')
    expect((await postmark({ ...parsed(ada), RawEmail: raw })).status).toBe(204)
    expect(await stored(ada.token)).toEqual(['Order 4711', WRITTEN['gmail-ja']])
    expect(await files(ada.token)).toEqual([['a.pdf application/pdf 5 %PDF-'], []])
  })

  it('gets a clear error for what is none of its mails', async () => {
    for (const body of [{}, [], { FromFull: 'ada@example.com' }, 'x']) expect((await postmark(body)).status).toBe(400)
  })
})

describe('SendGrid', () => {
  async function sendgrid(fields: Record<string, string | Buffer>): Promise<Response> {
    const boundary = 'xYzZY'
    const parts = Object.entries(fields).flatMap(([name, value]) => [
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`),
      Buffer.from(value),
      Buffer.from('\r\n'),
    ])
    const body = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)])
    return deliver(body, '/mail/inbound/sendgrid', `multipart/form-data; boundary=${boundary}`)
  }
  const parsed = ({ email, reply }: { email: string; reply: string }, text: Buffer, charset: string) => ({
    headers: `Message-ID: <${charset}@example.com>\nSubject: Re:\n folded\n`,
    dkim: '{@example.com : pass}',
    SPF: 'pass',
    to: 'Sales <sales@acme.example>',
    from: `Ada <${email}>`,
    subject: 'Re:',
    text,
    envelope: JSON.stringify({ to: [reply], from: email }),
    charsets: JSON.stringify({ to: 'UTF-8', from: 'UTF-8', subject: 'UTF-8', text: charset }),
  })

  it('delivers a mail in parts, in any character set, or as it was sent', async () => {
    const ada = await someone('ada-sendgrid')
    const latin1 = Buffer.from('Grüße, 20 \x80'.replace('\x80', '\u0080'), 'latin1')
    expect((await sendgrid(parsed(ada, latin1, 'windows-1252'))).status).toBe(204)
    await sendgrid(parsed(ada, Buffer.from('注文 📦'), 'UTF-8'))
    const shape = fixture('windows-1252', ada.email, ada.reply)
    await sendgrid({ email: shape, envelope: JSON.stringify({ to: [ada.reply], from: ada.email }), from: ada.email })
    expect(await stored(ada.token)).toEqual(['Grüße, 20 €', '注文 📦', WRITTEN['windows-1252']])
    expect((await deliver('x', '/mail/inbound/sendgrid', 'text/plain')).status).toBe(400)
  })

  it('delivers files in parts, as they are', async () => {
    const ada = await someone('ada-sendgrid-files')
    const png = Buffer.from(pixels(30, 20))
    const info = { attachment1: { filename: 'Bild März.png', type: 'IMAGE/PNG' }, attachment2: { filename: 'b.txt' } }
    const form = { ...parsed(ada, Buffer.from('See'), 'UTF-8'), 'attachment-info': JSON.stringify(info) }
    expect((await sendgrid({ ...form, attachment1: png, attachment2: '\r\n--xYzZ\r\n' })).status).toBe(204)
    expect((await sendgrid({ ...form, headers: 'Message-ID: <b@c>', attachment2: Buffer.alloc(0) })).status).toBe(204)
    expect(await stored(ada.token)).toEqual([
      'See',
      'See\n\n(Sent by e-mail. These attachments were left out: Bild März.png, b.txt)',
    ])
    const [both] = await files(ada.token)
    expect(both).toEqual([
      expect.stringContaining(`Bild März.png image/png ${png.length} `),
      'b.txt text/plain 10 \r\n--xYzZ\r\n',
    ])
  })

  it('vouches for another address of theirs, which staff then see', async () => {
    const ada = await someone('ada-alias')
    const alias = { ...ada, email: 'ada.l@example.com' }
    await sendgrid(parsed(alias, Buffer.from('Order 4711'), 'UTF-8'))
    await sendgrid({ ...parsed(alias, Buffer.from('Not me'), 'ASCII'), dkim: '{@evil.example : pass}', SPF: 'fail' })
    expect(await stored(ada.token)).toEqual(['Sent by e-mail from ada.l@example.com:\n\nOrder 4711'])
  })
})

it('asks services to come again while it may not store', async () => {
  const limited = await startDesk({ mailReplies, rateLimit: { perSecond: 0.01, burst: 1 } })
  const { token, chatId } = await limited.person('ada')
  await limited.call('POST', '/support_chat/messages', token, { content: 'Hello' })
  const reply = await addresses.of({ id: chatId, user_id: 'ada' })
  const response = await fetch(`${limited.url}/mail/inbound`, {
    method: 'POST',
    headers: { authorization: `Bearer ${mailReplies.secret}` },
    body: answerOf({ email: 'ada@example.com', reply }),
  })
  await limited.stop()
  expect(response.status).toBe(503)
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
})
