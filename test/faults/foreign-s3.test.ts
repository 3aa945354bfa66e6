// Files in a bucket of an S3 server that is not ours.
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { s3Blobs, type Blobs } from '../../src/entries/node.ts'
import { checkFiles } from '../../src/cli/doctor/files.ts'
import { readSettings } from '../../src/standalone/settings.ts'
import { blobsSuite, streamOf } from '../support/blobs-suite.ts'
import { SECRET } from '../support/server-process.ts'
import { installForeignS3, startForeignS3, type ForeignS3 } from '../support/foreign-s3.ts'

const folder = installForeignS3()

describe.skipIf(folder === undefined)('On a foreign S3 server', () => {
  let s3: ForeignS3
  beforeAll(async () => {
    s3 = await startForeignS3(folder ?? '')
  })
  afterAll(() => s3.stop())

  const bucket = (credentials = s3.keys): Blobs => s3Blobs({ ...s3, credentials, prefix: 'chat/' })
  const filesUrl = (secret = s3.keys.secretAccessKey): string =>
    `s3://${s3.keys.accessKeyId}:${secret}@${s3.bucket}/desk?endpoint=${encodeURIComponent(s3.url)}`

  blobsSuite('a bucket', () => bucket())

  it('a wrong secret is refused', async () => {
    const stranger = bucket({ ...s3.keys, secretAccessKey: `${s3.keys.secretAccessKey}x` })
    await expect(stranger.put('a', streamOf(new Uint8Array(5)), 5)).rejects.toThrow('403 SignatureDoesNotMatch')
    await expect(stranger.get('a')).rejects.toThrow('403 SignatureDoesNotMatch')
  })

  it('deskbell doctor says whether it works', async () => {
    const settings = (url: string) => readSettings({ FILES_URL: url, DATA_DIR: tmpdir(), DESKBELL_SECRET: SECRET })
    // A busy machine may take longer than it waits
    const looking = (url: string) => expect.poll(() => checkFiles(settings(url)), { timeout: 120_000 })
    await looking(filesUrl()).toMatchObject([{ state: 'ok' }])
    await looking(filesUrl('other')).toMatchObject([
      { state: 'wrong', text: expect.stringContaining('SignatureDoesNotMatch') as string },
    ])
  })
})
