import { expect, it } from 'vitest'
import { readMime } from './read-mime.ts'
import { trimMime, WHOLE } from './trim-mime.ts'

const part = (headers: string[], body: string): string => ['--q', ...headers, '', body, ''].join('\r\n')
const base64 = (bytes: number): string =>
  'QUJD'
    .repeat(19)
    .concat('\r\n')
    .repeat(Math.ceil(bytes / 78))
const file = (name: string, bytes: number): string =>
  part(
    [
      'Content-Type: application/pdf',
      'Content-Transfer-Encoding: base64',
      `Content-Disposition: attachment; filename=${name}`,
    ],
    base64(bytes),
  )
const mail = (...parts: string[]): Uint8Array =>
  new TextEncoder().encode(
    ['From: ada@example.com', 'Content-Type: multipart/mixed; boundary=q', '', parts.join(''), '--q--', ''].join(
      '\r\n',
    ),
  )

it('leaves a mail of usual size as it is', () => {
  const raw = mail(part([], 'Hello'), file('a.pdf', 100_000))
  expect(trimMime(raw)).toBe(raw)
})

it('keeps the text and the names of all files of a large mail, and not their contents', async () => {
  const names = ['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf']
  const raw = mail(part([], 'Hello'), ...names.map((name) => file(name, 3_000_000)))
  const trimmed = trimMime(raw)
  expect(trimmed.length).toBeLessThan(WHOLE + 1_000)
  const read = await readMime(raw, { recipients: [], alignment: 'unknown' })
  expect(read.text.trim()).toBe('Hello')
  expect(read.attachments.map(({ name }) => name)).toEqual(names)
})

it('is bounded whatever is in the mail', () => {
  for (const line of ['--\n', 'x', '--x\n\n', '\n'])
    expect(trimMime(new TextEncoder().encode(line.repeat(20_000_000 / line.length))).length).toBeLessThan(2_300_000)
})
