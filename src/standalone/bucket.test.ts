import { describe, expect, it } from 'vitest'
import { bucketIn, bucketOf } from './bucket.ts'

const credentials = { accessKeyId: 'AKIA', secretAccessKey: 's/e+c' }

describe('FILES_URL', () => {
  it.each([
    ['s3://AKIA:s/e+c@files?region=eu-central-1', { region: 'eu-central-1', prefix: '' }],
    ['S3://AKIA:s%2Fe%2Bc@files/?region=eu-central-1', { region: 'eu-central-1', prefix: '' }],
    ['s3://AKIA:s/e+c@files/a/chat/?region=auto&endpoint=r2.example', { prefix: 'a/chat/', url: 'https://r2.example' }],
    [
      's3://AKIA:s/e+c@files/chat?endpoint=http://localhost:9000',
      { region: 'us-east-1', prefix: 'chat/', url: 'http://localhost:9000' },
    ],
  ])('%s', (url, expected) => {
    expect(bucketIn(url)).toMatchObject({ bucket: 'files', credentials, ...expected })
    expect(bucketOf(url)).toHaveProperty('put')
  })

  it('The keys of a session have a token', () => {
    const { credentials: keys } = bucketIn('s3://AKIA:s/e+c@files?region=eu-central-1&session=t%2F')
    expect(keys).toEqual({ ...credentials, sessionToken: 't/' })
  })

  it.each([
    ['s3://files?region=eu-central-1', /must look like s3:/],
    ['https://k:topsecret@files', /must look like s3:/],
    ['s3://k:topsecret@files', /names no region/],
    ['s3://k:topsecret@files?region=here', /here is no region/],
    ['s3://k:topsecret@files?region=eu-central-1&host=x', /has no host/],
    ['s3://k:topsecret%@files?region=eu-central-1', /%25/],
    ['s3://k:topsecret@files?endpoint=http://minio:9000', /begins with https/],
    ['s3://k:topsecret@files/a?b?region=eu-central-1', /has no b/],
    ['s3://k:topsecret@Files?region=eu-central-1', /Files is no name of a bucket/],
  ])('%s is refused, and the message repeats no secret', (url, message) => {
    expect(() => bucketOf(url)).toThrow(message)
    expect(() => bucketOf(url)).not.toThrow(/topsecret/)
  })
})
