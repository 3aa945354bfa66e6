// What is read of a mail is what the parser would find in all of it, whatever its shape, its encodings and where it was cut.
import PostalMime from 'postal-mime'
import { expect, it } from 'vitest'
import { readMime } from './read-mime.ts'
import { MOST_TEXT } from './thin-mime.ts'

/** The same numbers in each run */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % below
  }
}

type Encoding = 'base64' | 'quoted-printable' | '8bit'

const lines = (text: string): string => text.replace(/.{76}/g, '$&\r\n')
const quotedPrintable = (bytes: Buffer): string =>
  bytes
    .toString('hex')
    .replace(/../g, '=$&')
    .replaceAll('=0d=0a', '\r\n')
    .replace(/(?:=..){25}/g, '$&=\r\n')

function encoded(bytes: Buffer, encoding: Encoding): Buffer {
  if (encoding === '8bit') return bytes
  return Buffer.from(encoding === 'base64' ? lines(bytes.toString('base64')) : quotedPrintable(bytes))
}

const CHARSETS: Record<string, (at: number) => Buffer> = {
  'utf-8': (at) => Buffer.from(`Grüße ${at} 😀 -- \r\n`),
  'iso-8859-1': (at) => Buffer.from(`Gr\u{fc}\u{df}e ${at}\r\n`, 'latin1'),
  shift_jis: (at) => Buffer.concat([Buffer.from([0x82, 0xb1, 0x82, 0xf1]), Buffer.from(` ${at}\r\n`)]),
  'iso-2022-jp': (at) => Buffer.from(`\u{1b}$B$3$s\u{1b}(B ${at}\r\n`),
  gb18030: (at) => Buffer.concat([Buffer.from([0xc4, 0xe3, 0xba, 0xc3]), Buffer.from(` ${at}\r\n`)]),
}

interface Made {
  raw: Buffer
  /** Those of files, in their order */
  files: Buffer[]
}

/** A part with its header, or parts in each other */
function made(next: (below: number) => number, depth = 0): Made {
  if (depth < 4 && next(3) > 0 && (depth === 0 || next(2) === 0)) {
    const boundary = `b${depth}-${next(3)}`
    const inner = Array.from({ length: 1 + next(4) }, () => made(next, depth + 1))
    const quote = next(2) === 0 ? '"' : ''
    const header = `Content-Type: multipart/${['mixed', 'alternative', 'related'][next(3)]};\r\n boundary=${quote}${boundary}${quote}\r\n\r\n`
    const parts = inner.flatMap(({ raw }) => [
      Buffer.from(`--${boundary}${' '.repeat(next(2))}\r\n`),
      raw,
      Buffer.from('\r\n'),
    ])
    const end = `--${boundary}--\r\nnobody reads this\r\n--${boundary}x\r\n`
    return {
      raw: Buffer.concat([Buffer.from(`${header}a preamble\r\n`), ...parts, Buffer.from(end)]),
      files: inner.flatMap(({ files }) => files),
    }
  }
  const encoding = (['base64', 'quoted-printable', '8bit'] as const)[next(3)] ?? '8bit'
  if (next(3) === 0) {
    const content = Buffer.from(`file ${next(1_000)}\r\n`.repeat(1 + next(2_000)))
    const type = ['application/pdf', 'text/csv', 'message/rfc822', 'image/png', 'text/plain; name=a'][next(5)] ?? ''
    const header = `Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\ncontent-disposition:\r\n attachment; filename=a.bin\r\n\r\n`
    return { raw: Buffer.concat([Buffer.from(header), encoded(content, encoding)]), files: [content] }
  }
  const charset = Object.keys(CHARSETS)[next(5)] ?? 'utf-8'
  const written = Buffer.concat(
    Array.from({ length: 1 + next(3_000) }, (_, at) => CHARSETS[charset]?.(at) ?? Buffer.alloc(0)),
  )
  const header = `Content-Type: text/${next(3) === 0 ? 'html' : 'plain'}; charset="${charset}"\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`
  return { raw: Buffer.concat([Buffer.from(header), encoded(written, encoding)]), files: [] }
}

const FROM = Buffer.from('From: ada@example.com\r\nSubject: Hello\r\n')
const whole = (raw: Uint8Array) => readMime({ raw, recipients: [], alignment: 'unknown' })
const parsed = (raw: Uint8Array) => PostalMime.parse(raw, { forceRfc822Attachments: true })
/** Without what differs with the line ends of an encoding */
const normal = (text: string | undefined): string =>
  (text ?? '')
    .replaceAll('\r', '')
    .replace(/\n+(?=\n)/g, '')
    .trim()
async function bytesOf(content: Awaited<ReturnType<typeof whole>>['attachments'][number]['content']): Promise<Buffer> {
  const opened = await content?.()
  const bytes = Buffer.from(await new Response(opened?.stream()).arrayBuffer())
  expect(bytes.length).toBe(opened?.size)
  return bytes
}

it('reads the texts that the parser finds in the whole mail, and the files as they were attached', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const { raw, files } = made(numbers(seed))
    const mail = Buffer.concat([FROM, raw])
    const [ours, theirs] = [await whole(mail), await parsed(mail)]
    const context = `seed ${seed}`
    if (ours.text !== '') expect(normal(ours.text) === normal(theirs.text), context).toBe(true)
    if (ours.html !== '') expect(normal(ours.html) === normal(theirs.html), context).toBe(true)
    expect(ours.text + ours.html === '', context).toBe((theirs.text ?? '') + (theirs.html ?? '') === '')
    expect(
      ours.attachments.map(({ name, type }) => [name, type]),
      context,
    ).toEqual(theirs.attachments.map(({ filename, mimeType }) => [filename, mimeType]))
    for (const [index, { content }] of ours.attachments.entries())
      expect((await bytesOf(content)).equals(files[index] ?? Buffer.alloc(0)), `${context}, file ${index}`).toBe(true)
  }
})

it('reads what is there of a mail that was cut anywhere', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const next = numbers(seed)
    const mail = Buffer.concat([FROM, made(next).raw])
    const cut = mail.subarray(0, FROM.length + next(mail.length - FROM.length))
    const [ours, theirs] = [await whole(cut), await parsed(cut)]
    const context = `seed ${seed}`
    if (ours.text !== '') expect(normal(ours.text) === normal(theirs.text), context).toBe(true)
    if (ours.html !== '') expect(normal(ours.html) === normal(theirs.html), context).toBe(true)
    expect(ours.attachments.length, context).toBe(theirs.attachments.length)
  }
})

it.each(['base64', 'quoted-printable', '8bit'] as const)(
  'reads the beginning of a text that is too long, in %s',
  async (encoding) => {
    const written = 'Grüße 😀 = '.repeat(30_000)
    const head = (type: string): string =>
      `Content-Type: text/${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`
    const part = (type: string) => [Buffer.from(`\r\n--q\r\n${head(type)}`), encoded(Buffer.from(written), encoding)]
    const raw = Buffer.concat([
      FROM,
      Buffer.from('Content-Type: multipart/alternative; boundary=q\r\n'),
      ...part('plain'),
      ...part('html'),
    ])
    const { text, html } = await whole(raw)
    for (const read of [text, html]) {
      expect(written.startsWith(read.trimEnd().replace(/\uFFFD$/u, ''))).toBe(true)
      expect(Buffer.byteLength(read)).toBeGreaterThan(MOST_TEXT - 10)
      expect(Buffer.byteLength(read)).toBeLessThan(MOST_TEXT + 10)
    }
  },
)

it('finds the text that is beside hundreds of parts without one, and a header that ends in no empty line', async () => {
  const parts = (count: number, type: string): string => `--q\r\nContent-Type: ${type}\r\n\r\nx\r\n`.repeat(count)
  const mail = (body: string) =>
    whole(Buffer.from(`${FROM.toString()}Content-Type: multipart/mixed; boundary=q\r\n\r\n${body}`))
  expect((await mail(`--q\r\n\r\nHello\r\n${parts(2_000, 'image/png')}`)).text.trim()).toBe('Hello')
  const long = 'A long text. '.repeat(10_000)
  const { text } = await mail(
    `--q\r\nContent-Type: text/plain\r\n--q\r\nContent-Type: text/plain\r\n\r\n${long}\r\n--q--`,
  )
  expect(text.trim()).toBe(long.trim())
  expect((await whole(Buffer.from(`\r\n${long}`))).text.trim()).toBe(long.trim())
})
