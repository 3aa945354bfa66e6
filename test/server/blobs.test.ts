// Every place for files keeps what src/server/ports/blobs.ts asks for.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { folderBlobs, s3Blobs, type Blobs } from '../../src/entries/node.ts'
import type { SupportAttachment } from '../../src/protocol/attachments.ts'
import { blobsSuite, read, streamOf } from '../support/blobs-suite.ts'
import { SES_KEYS, SES_REGION } from '../support/mail-services/ses.ts'
import { startS3, type TestS3 } from '../support/mail-services/s3.ts'
import { until } from '../support/desk.ts'
import { memoryBlobs } from '../support/memory-blobs.ts'
import { startServer } from '../support/running-server.ts'

const dir = mkdtempSync(join(tmpdir(), 'deskbell-blobs-'))
let s3: TestS3
beforeAll(async () => {
  s3 = await startS3()
})
afterAll(async () => {
  await s3.stop()
  rmSync(dir, { recursive: true, force: true })
})

const bucket = (more: Partial<Parameters<typeof s3Blobs>[0]> = {}): Blobs =>
  s3Blobs({ bucket: 'files', region: SES_REGION, credentials: SES_KEYS, url: s3.url, prefix: 'chat/', ...more })

blobsSuite(
  'a folder',
  () => folderBlobs(join(dir, 'new', 'files')),
  () =>
    readdirSync(join(dir, 'new', 'files'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name),
)
blobsSuite(
  'a bucket of S3',
  () => bucket(),
  () => [...s3.objects.keys()].map((name) => name.replace('files/chat/', '')),
)
blobsSuite('a host’s own', memoryBlobs)

it('A bucket that refuses says why, and none of its keys', async () => {
  const wrong = bucket({ credentials: { ...SES_KEYS, secretAccessKey: 'another' } })
  const put = wrong.put('a', streamOf(new Uint8Array(5)), 5)
  await expect(put).rejects.toThrow('The bucket answers with 403 InvalidSignatureException')
  await expect(wrong.get('a')).rejects.toThrow('403')
  await expect(wrong.delete('a')).rejects.toThrow('403')
})

it('A bucket that says nothing is given up', async () => {
  s3.mode = 'hang'
  onTestFinished(() => void (s3.mode = 'answer'))
  await expect(bucket({ timeout: 200 }).get('a')).rejects.toThrow('files says nothing')
})

it('A content of a bucket may be read slowly', async () => {
  const bytes = randomBytes(20_000_000)
  s3.objects.set('files/chat/slow', bytes)
  // A busy machine may take longer than that to answer at all
  const content = await until(() =>
    bucket({ timeout: 1_000 })
      .get('slow')
      .catch(() => undefined),
  )
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect((await read(content))?.length).toBe(bytes.length)
})

it('The server keeps files where FILES_URL says, and gives out those that are there also when it takes no more', async () => {
  const { accessKeyId, secretAccessKey } = SES_KEYS
  const server = await startServer({
    FILES_URL: `s3://${accessKeyId}:${secretAccessKey}@desk/chat?region=${SES_REGION}&endpoint=${encodeURIComponent(s3.url)}`,
  })
  try {
    // Else the next request may take a connection that the restart ended
    const headers = { authorization: `Bearer ${await server.userToken('ada')}`, connection: 'close' }
    const upload = () =>
      fetch(`${server.url}/support_chat/attachments`, { method: 'POST', headers, body: 'what I wrote' })
    const { id, url } = (await (await upload()).json()) as SupportAttachment
    expect(String(s3.objects.get(`desk/chat/${id}`))).toBe('what I wrote')
    await server.restart({ ATTACHMENT_LIMIT: 'off' })
    expect((await upload()).status).toBe(413)
    const chat = await fetch(`${server.url}/support_chat`, { headers })
    expect(await chat.json()).toMatchObject({ attachments: null })
    const part = await fetch(`${server.url}/${url}`, { headers: { range: 'bytes=5-5' } })
    expect([part.status, await part.text()]).toEqual([206, 'I'])
  } finally {
    await server.stop()
  }
})

it.each([
  [{ bucket: 'No' }, 'No is no name of a bucket'],
  [{ prefix: '../x' }, '../x is no prefix'],
  [{ url: undefined, region: 'here' }, 'here is no region'],
  [{ url: 'http://s3.example' }, 'https://'],
])('A bucket with %j is refused', (more, message) => {
  expect(() => bucket(more as Partial<Parameters<typeof s3Blobs>[0]>)).toThrow(message)
})

it('A key that leads out of the folder is refused', async () => {
  await expect(folderBlobs(dir).get('../../etc/passwd')).rejects.toThrow('is no key of a file')
})
