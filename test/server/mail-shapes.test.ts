// What goes out over SMTP, header by header, for all that people may be called and write. Read by two parsers: mailparser, and
// Python's, which is strict where the machine has it.
import { spawnSync } from 'node:child_process'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smtpMailer } from '../../src/entries/node.ts'
import { MailRefused, type Mail } from '../../src/server/ports/mailer.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { startSmtp, type ReceivedMail, type TestSmtp } from '../support/smtp.ts'

const MINUTE = 60_000
const APP = 'Café “Acme” 🎉'
const FROM = { name: 'Acme, "Best" Support ☕', address: 'support@acme.example' }

interface Case {
  what: string
  email?: string
  name?: string | null
  content?: string
  sender?: string | null
  /** In the header as it is sent, where it is not `email` */
  header?: string
  /** Where it is not `name` */
  to?: string
}

const CASES: Case[] = [
  { what: 'plain', name: 'Ada' },
  { what: 'without a name', name: null },
  { what: 'a name with a comma and quotation marks', name: 'Doe, "Jane" \\ <Ops>' },
  { what: 'a name with umlauts', name: 'Jörg Müller-Lüdenscheidt' },
  { what: 'a name of one long word', name: 'x'.repeat(200) },
  { what: 'a long name in kanji', name: '名'.repeat(200) },
  { what: 'a name of emoji', name: '👩‍👩‍👧‍👦 Ada 🎉' },
  { what: 'a name from right to left', name: 'שרה כהן' },
  { what: 'a name that turns the direction', name: '\u202eadA', to: 'adA' },
  { what: 'a name with a header', name: 'Ada\r\nBcc: victim@example.com', to: 'Ada Bcc: victim@example.com' },
  { what: 'a name that looks like addresses', name: 'victim@example.com, "x" <victim@example.com>' },
  { what: 'a domain with an umlaut', email: 'ada@müller.example', header: 'ada@xn--mller-kva.example' },
  { what: 'a long local part', email: `${'x'.repeat(64)}@example.com` },
  { what: 'a long line', content: '長い '.repeat(3_000) },
  { what: 'a long word', content: 'x'.repeat(10_000) },
  { what: 'many lines', content: 'line\n'.repeat(150) },
  {
    what: 'lines that mean something to SMTP',
    content: '.\r\n..\r\nFrom me\r\n\r\nBcc: victim@example.com\r\n.\r\nQUIT',
  },
  { what: 'line ends of all kinds', content: 'a\rb\r\nc\nd\u2028e\vf' },
  { what: 'emoji', content: '👩‍👩‍👧‍👦🎉' },
  { what: 'only links', content: 'https://acme.example/a?b=c&d="e"\nhttps://acme.example/é' },
  { what: 'from right to left', content: 'שלום, מה שלומך?', sender: 'דנה' },
  { what: 'a sender with a header', sender: 'Sam\r\nBcc: victim@example.com' },
  { what: 'a local part with an umlaut', email: 'jörg@example.com' },
]
const addressOf = ({ email }: Case, index: number): string => email ?? `person-${index}@example.com`

let smtp: TestSmtp
let desk: Desk
let clock: FakeClock
let mails: ReceivedMail[]

/** Somebody whom the host calls so, and a reply to them. Written into the database, since the door may have let it in long ago */
async function reply({ name = 'Ada', content = 'Hello', sender = 'Sam' }: Case, email: string, id = email) {
  const at = new Date(clock.now()).toISOString()
  await desk.store.savePeople([{ id, email, name }], at)
  const chat = await desk.store.openChat(id, uuidv7(), at)
  const message = {
    id: uuidv7(),
    chat_id: chat.id,
    content,
    sender_type: 'admin' as const,
    sender_id: 'sam',
    sender_name: sender,
    client_id: null,
    created_at: at,
    notify_at: new Date(clock.now() + 5 * MINUTE).toISOString(),
  }
  await desk.store.appendMessages([message])
  return message.id
}

beforeAll(async () => {
  smtp = await startSmtp()
  clock = new FakeClock(Date.now())
  desk = await startDesk({
    clock,
    mailer: smtpMailer({ url: smtp.url, from: FROM, timeout: 60_000 }),
    appName: APP,
    publicUrl: 'https://acme.example/support',
  })
  for (const [i, one] of CASES.entries()) await reply(one, addressOf(one, i))
  await clock.advance(6 * MINUTE)
  await until(() => smtp.mails.length === CASES.length)
  mails = CASES.map((one, i) => {
    const address = addressOf(one, i)
    return smtp.mails.find(({ envelopeTo }) => envelopeTo[0] === address) ?? expect.fail(`no mail to ${address}`)
  })
})
afterAll(async () => {
  await desk.stop()
  await smtp.stop()
})

/** Each header as it came, unfolded */
const headersOf = ({ raw }: ReceivedMail): [name: string, value: string][] =>
  raw
    .slice(0, raw.indexOf('\r\n\r\n'))
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])

const HEADERS = [
  'Auto-Submitted',
  'Content-Type',
  'Date',
  'From',
  'In-Reply-To',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'MIME-Version',
  'Message-ID',
  'References',
  'Subject',
  'Thread-Index',
  'To',
  'X-Auto-Response-Suppress',
]

describe.each(CASES.map((one, index) => ({ ...one, index })))('a mail with $what', ({ index, ...one }) => {
  const mail = () => mails[index] ?? expect.fail()
  const address = addressOf(one, index)

  it('goes to one person, from the sender, with each header once and no other', () => {
    const { envelopeTo, envelopeFrom, parsed } = mail()
    expect(envelopeTo).toEqual([address])
    expect(envelopeFrom).toBe(FROM.address)
    expect(
      headersOf(mail())
        .map(([name]) => name)
        .sort(),
    ).toEqual(HEADERS)
    expect(headersOf(mail()).find(([name]) => name === 'To')?.[1]).toContain(one.header ?? address)
    expect(parsed.from?.value).toEqual([FROM])
    expect([parsed.to].flat().flatMap((to) => to?.value ?? [])).toEqual([
      { address, name: one.to ?? (one.name === undefined ? 'Ada' : (one.name ?? '')) },
    ])
    expect(parsed.subject).toBe(`New reply from ${APP} Support`)
    expect(parsed.messageId).toMatch(/^<reply\.[0-9a-f]{32}@acme\.example>$/)
    expect(Math.abs((parsed.date?.getTime() ?? 0) - Date.now())).toBeLessThan(10 * MINUTE)
  })

  it('consists of lines that every mail server takes', () => {
    const { raw } = mail()
    expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(Math.max(...raw.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(998)
    // An address with such letters is the exception: the server has said that it takes them
    expect(raw.replaceAll(address, '')).toMatch(/^[\t\r\n -~]*$/)
    expect(raw.length).toBeLessThan(100_000)
  })

  it('quotes the reply in its text part, each line of it, and nothing but it', () => {
    const quoted = (mail().parsed.text ?? '').split('\n').filter((line) => line.startsWith('>'))
    const lines = (one.content ?? 'Hello').split(/\r\n|[\r\n\u2028\v]/)
    const expected = lines.map((line) => `> ${line}`.trimEnd())
    if ((one.content ?? '').length <= 1_000) expect(quoted.join('\n')).toBe(expected.join('\n').replace(/(\n>)+$/, ''))
    else expect(quoted).toEqual([expect.stringMatching(/^> .{998,999}…$/u)])
  })

  it('shows the reply in its HTML part as text', () => {
    const html = String(mail().parsed.html)
    expect(html).not.toMatch(
      /<(?!\/?(html|head|meta|title|style|body|div|table|tbody|tr|td|p|strong|bdi|br|a|!))[^>]*>/i,
    )
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
      'https://acme.example/support#deskbell-open',
      expect.stringMatching(/^https:\/\/acme\.example\/support\/unsubscribe\?token=[\w.-]+$/),
    ])
  })
})

it('a second mail of a chat has a name of its own, and belongs to the same thread', async () => {
  const [first] = mails
  await reply({ what: 'again', content: 'again' }, 'person-0@example.com')
  const before = smtp.mails.length
  await clock.advance(6 * MINUTE)
  await until(() => smtp.mails.length === before + 1)
  const [one, two, other] = [first, smtp.mails.at(-1), mails[1]].map((mail) =>
    Object.fromEntries(headersOf(mail ?? expect.fail())),
  )
  expect(two?.['Message-ID']).not.toBe(one?.['Message-ID'])
  for (const name of ['References', 'In-Reply-To', 'Thread-Index', 'Subject']) expect(two?.[name]).toBe(one?.[name])
  for (const name of ['References', 'In-Reply-To', 'Thread-Index']) expect(other?.[name]).not.toBe(one?.[name])
})

it('nobody gets a mail whose address is none, and why says so', async () => {
  const before = smtp.contents.length
  const told = new Map<string, string>()
  for (const email of [
    '',
    'no-at-sign',
    'ada lovelace@example.com',
    'a@example.com, b@example.com',
    'a@b.example\r\nX: y',
  ])
    told.set(email, await reply({ what: 'none' }, email, `bad ${email}`))
  await reply({ what: 'last' }, 'last@example.com')
  await clock.advance(6 * MINUTE)
  await until(() => smtp.mails.some(({ envelopeTo }) => envelopeTo[0] === 'last@example.com'))
  expect(smtp.contents.length).toBe(before + 1)
  for (const [email, id] of told) {
    const account = await desk.store.explainNotification(id)
    expect(account).toMatchObject({ email, notification: { state: 'skipped', reason: 'no_address' } })
  }
  expect(desk.errors).toEqual([])
})

it('the SMTP mailer refuses what is no address, before it connects', async () => {
  const mailer = smtpMailer({ url: smtp.url, from: FROM })
  const mail: Mail = { to: { name: '', address: '' }, subject: 's', text: 't', html: 'h', headers: {} }
  const before = smtp.contents.length
  for (const address of [
    '',
    'no-at-sign',
    'a@example.com, b@example.com',
    '<a@example.com>',
    'a@example.com\r\nRCPT TO:<b@c>',
  ])
    await expect(mailer.send({ ...mail, to: { name: 'A', address } }, () => expect.fail())).rejects.toThrow(MailRefused)
  expect(smtp.contents.length).toBe(before)
  mailer.close?.()
  expect(() => smtpMailer({ url: smtp.url, from: { name: 'x', address: 'no-at-sign' } })).toThrow(/sender/)
})

/** Fails at whatever is not as the RFCs have it. Gets mails as a JSON array, and prints what it read of them */
const PYTHON = `
import email, email.policy, json, sys
policy = email.policy.SMTPUTF8.clone(raise_on_defect=True)
read = []
for raw in json.load(sys.stdin):
    mail = email.message_from_bytes(raw.encode('utf-8'), policy=policy)
    if mail.defects: raise Exception(mail.defects)
    for name, value in mail.items():
        if value.defects: raise Exception((name, value.defects))
    read.append({
        'types': [part.get_content_type() for part in mail.walk()],
        # Some versions keep the white space between encoded words
        'to': [[a.display_name.replace(' ', ''), a.addr_spec] for a in mail['to'].addresses],
        'from': [[a.display_name, a.addr_spec] for a in mail['from'].addresses],
        'subject': mail['subject'],
        'text': mail.get_body(('plain',)).get_content().replace('\\r\\n', '\\n'),
    })
json.dump(read, sys.stdout)
`
const hasPython = spawnSync('python3', ['-c', 'import email.policy']).status === 0

it.skipIf(!hasPython)("Python's strict parser reads the same", () => {
  // It does not know letters in local parts (RFC 6532), as the last mail has them
  const read = mails.slice(0, -1)
  const { stdout, stderr, status } = spawnSync('python3', ['-c', PYTHON], {
    input: JSON.stringify(read.map(({ raw }) => raw)),
  })
  expect([status, stderr.toString()]).toEqual([0, ''])
  const seen = JSON.parse(stdout.toString()) as Record<string, unknown>[]
  for (const [i, mail] of read.entries()) {
    const [to] = [mail.parsed.to].flat().flatMap((list) => list?.value ?? [])
    expect(seen[i]).toEqual({
      types: ['multipart/alternative', 'text/plain', 'text/html'],
      to: [[to?.name.replaceAll(' ', ''), CASES[i]?.header ?? to?.address]],
      from: [[FROM.name, FROM.address]],
      subject: mail.parsed.subject,
      text: mail.parsed.text,
    })
  }
})
