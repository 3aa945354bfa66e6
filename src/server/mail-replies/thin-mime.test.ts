import { expect, it } from 'vitest'
import { inboundMail } from './inbound-mail.ts'
import { readMime } from './read-mime.ts'
import { MOST_TEXT, thinMime } from './thin-mime.ts'

const part = (headers: string[], body: string): string => ['--q', ...headers, '', body, ''].join('\r\n')
/** Bytes that say where in the file they are */
const content = (bytes: number): Buffer => Buffer.from(Uint32Array.from({ length: bytes / 4 }, (_, at) => at).buffer)
const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/.{76}/g, '$&\r\n')
const file = (name: string, body: string, headers = ['Content-Type: application/pdf']): string =>
  part([...headers, 'Content-Transfer-Encoding: base64', `Content-Disposition: attachment; filename=${name}`], body)
const mail = (...parts: string[]): Uint8Array =>
  new TextEncoder().encode(
    ['From: ada@example.com', 'Content-Type: multipart/mixed; boundary=q', '', parts.join(''), '--q--', ''].join(
      '\r\n',
    ),
  )
const read = (raw: Uint8Array) => readMime({ raw, recipients: [], alignment: 'unknown' })
/** Names of the files, each with its bytes, or undefined where these are missing */
async function filesOf(raw: Uint8Array): Promise<[string, Buffer | undefined][]> {
  const { attachments } = await read(raw)
  const found: [string, Buffer | undefined][] = []
  for (const one of attachments) {
    const opened = await one.content?.()
    const bytes = opened && Buffer.from(await new Response(opened.stream()).arrayBuffer())
    expect(bytes?.length).toBe(opened?.size)
    found.push([one.name, bytes])
  }
  return found
}

it('takes the files out of a mail of any size, and gives them back as they were', async () => {
  const files = [3_000_000, 12, 1_500_000, 900].map((bytes, at) => [`${at}.pdf`, content(bytes)] as const)
  const raw = mail(part([], 'Hello'), ...files.map(([name, bytes]) => file(name, base64(bytes))))
  expect((await thinMime(raw)).raw.length).toBeLessThan(5_000)
  expect((await read(raw)).text.trim()).toBe('Hello')
  expect(await filesOf(raw)).toEqual(files)
})

it('knows files from texts, and reads Base64 in one line, in other line ends and with what does not belong there', async () => {
  const bytes = content(60_000)
  const text = (name: string) => [`Content-Type: text/${name}`, 'Content-Transfer-Encoding: base64']
  const written = 'A longer text. '.repeat(200).trim()
  const raw = mail(
    part(text('plain'), base64(Buffer.from(written))),
    file('a.csv', bytes.toString('base64'), ['Content-Type: text/csv']),
    file('b.bin', base64(bytes).replaceAll('\r\n', '\n')),
    file('c.bin', base64(bytes).replaceAll('\r\n', ' !\r\n')),
  )
  expect((await read(raw)).text.trim()).toBe(written)
  expect(await filesOf(raw)).toEqual([
    ['a.csv', bytes],
    ['b.bin', bytes],
    ['c.bin', bytes],
  ])
})

it('finds the ends of parts by their boundaries alone', async () => {
  const bytes = content(60_000)
  const inner = part(
    ['Content-Type: multipart/alternative; boundary="in ner"'],
    [
      '--in ner',
      '',
      `-- \r\n--no\r\nContent-Transfer-Encoding: base64\r\nContent-Type: a/b\r\n\r\n${'x'.repeat(2_000)}`,
      '--in ner--',
      '',
    ].join('\r\n'),
  )
  const raw = mail(inner, file('a.pdf', base64(bytes)))
  expect((await read(raw)).text).toContain('x'.repeat(2_000))
  expect(await filesOf(raw)).toEqual([['a.pdf', bytes]])
})

it('a mail that is a file is taken as one', async () => {
  const bytes = content(60_000)
  const head = [
    'From: ada@example.com',
    'Content-Type: application/pdf; name=scan.pdf',
    'Content-Transfer-Encoding: base64',
  ]
  expect(await filesOf(new TextEncoder().encode([...head, '', base64(bytes)].join('\r\n')))).toEqual([
    ['scan.pdf', bytes],
  ])
})

it('gives out no file whose end is missing, and names it', async () => {
  const raw = mail(file('a.pdf', base64(content(60_000))), file('b.pdf', base64(content(60_000))))
  const [a, b] = await filesOf(raw.subarray(0, -20_000))
  expect([a?.[1]?.length, b]).toEqual([60_000, ['b.pdf', undefined]])
})

it('gives out files in other encodings whole, however many lines they have', async () => {
  const rows = 'a,ü=\r\n'.repeat(30_000)
  const attached = (name: string, encoding: string, body: string): string =>
    part([...head(encoding), `Content-Disposition: attachment; filename=${name}`], body)
  const head = (encoding: string) => ['Content-Type: text/csv', `Content-Transfer-Encoding: ${encoding}`]
  const quoted = rows.replaceAll('=', '=3D').replaceAll('ü', '=C3=\r\n=BC')
  const raw = mail(
    attached('c.csv', '8bit', rows),
    attached('d.csv', 'quoted-printable', quoted),
    part(head('7bit'), 'no name'),
    file('e.pdf', base64(content(4_000))),
  )
  expect(await filesOf(raw)).toEqual([
    ['c.csv', Buffer.from(rows)],
    ['d.csv', Buffer.from(rows)],
    ['', Buffer.from('no name')],
    ['e.pdf', content(4_000)],
  ])
})

it('leaves a mail of usual size as it is', async () => {
  const raw = mail(part([], 'Hello'), file('a.pdf', base64(content(400))))
  expect(Buffer.from((await thinMime(raw)).raw)).toEqual(Buffer.from(raw))
})

it('keeps within its bounds of bytes and lines, whatever the mail contains', async () => {
  for (const line of [
    '--\n',
    'x',
    '--x\n\n',
    '\n',
    '--q\n\n',
    '--q\n\nx\n',
    '--qq\n',
    '--q\nContent-Type: text/html\n\nx\n',
  ]) {
    const { raw } = await thinMime(mail(line.repeat(5_000_000 / line.length)))
    expect(raw.length).toBeLessThan(3 * MOST_TEXT)
    expect(raw.filter((byte) => byte === 10).length).toBeLessThan(6_000)
  }
})

it('reads no lists of addresses that would hold up all else, and all the other headers', async () => {
  const groups = 'a:'.repeat(40_000)
  const lists = ['Cc', 'Bcc', 'Sender', 'Reply-To ', 'Return-Path'].map((name) => `${name}: ${groups}`)
  const head = [
    `To: ${Array.from({ length: 2_000 }, (_, i) => `p${i}@example.com`).join(',\r\n ')}`,
    'Delivered-To: reply@example.com',
    'From: ada@example.com',
    'Subject: Hello',
  ]
  const raw = new TextEncoder().encode([...head, ...lists.slice(0, 1), '', 'Hi', ''].join('\r\n'))
  expect((await thinMime(raw)).raw.length).toBeLessThan(1_000)
  const mail = await inboundMail({ raw, recipients: [], alignment: 'unknown' })
  expect(mail).toMatchObject({ from: 'ada@example.com', recipients: ['reply@example.com'], subject: 'Hello' })
  expect(mail.text.trim()).toBe('Hi')
  // Headers of nearly half a megabyte are no mail's
  const flood = new TextEncoder().encode([...head, ...lists, '', 'Hi', ''].join('\r\n'))
  expect(await inboundMail({ raw: flood, recipients: [], alignment: 'unknown' })).toMatchObject({ from: '' })
})

it('takes the beginning of a sender that is too long for nobody', async () => {
  const from = `ada@example.com${'.x'.repeat(10_000)}`
  const raw = new TextEncoder().encode(`From: ${from}\r\nSubject: Hello\r\n\r\nHi`)
  expect(await inboundMail({ raw, recipients: [], alignment: 'pass' })).toMatchObject({ from: '', subject: 'Hello' })
  const parts = { messageId: '', subject: '', text: '', html: '', headers: [], attachments: [] }
  const given = { ...parts, from, recipients: ['a:'.repeat(9_000), 'reply@example.com'], alignment: 'pass' as const }
  expect(await inboundMail(given)).toMatchObject({ from: '', recipients: ['reply@example.com'] })
})
