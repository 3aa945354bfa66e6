import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, it } from 'vitest'
import { SES_KEYS, SES_REGION } from '../support/mail-services/ses.ts'
import { startS3 } from '../support/mail-services/s3.ts'
import { signatureError } from '../support/mail-services/sigv4.ts'

it('the server in place of Amazon S3 computes the signature of the example in AWS’s documentation', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
  const headers = {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'x-amz-date': '20130524T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  }
  const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }
  const errorOf = (path: string) =>
    signatureError(
      { method: 'GET', path, headers, body: '' },
      { keys, region: 'us-east-1', service: 's3', fastTime: true },
    )
  expect([errorOf('/test.txt'), errorOf('/other.txt')]).toEqual([undefined, 'InvalidSignatureException'])
})

it('the client of AWS stores, reads and deletes in that server, and is refused with another key', async () => {
  const s3 = await startS3()
  const clientOf = (secretAccessKey: string) =>
    new S3Client({
      endpoint: s3.url,
      region: SES_REGION,
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: SES_KEYS.accessKeyId, secretAccessKey },
    })
  const [client, stranger] = [clientOf(SES_KEYS.secretAccessKey), clientOf('another')]
  const object = { Bucket: 'files', Key: 'chat/ö 1' }
  try {
    await client.send(new PutObjectCommand({ ...object, Body: 'deskbell' }))
    const { Body } = await client.send(new GetObjectCommand({ ...object, Range: 'bytes=4-7' }))
    expect(await Body?.transformToString()).toBe('bell')
    await expect(stranger.send(new GetObjectCommand(object))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    })
    const put = stranger.send(new PutObjectCommand({ ...object, Body: 'x' }))
    await expect(put).rejects.toMatchObject({ name: 'InvalidSignatureException' })
    await client.send(new DeleteObjectCommand(object))
    await expect(client.send(new GetObjectCommand(object))).rejects.toMatchObject({ name: 'NoSuchKey' })
  } finally {
    client.destroy()
    stranger.destroy()
    await s3.stop()
  }
})
