import { awsSigned, type AwsCredentials } from '../../services/aws.ts'
import { serviceUrl } from '../../services/service-url.ts'
import { download } from './download.ts'

/** Where an S3 action of SES stores mails */
export interface MailBucket {
  name: string
  /** They need `s3:GetObject` */
  credentials: AwsCredentials
  /** Default: that of the topic */
  region?: string | undefined
  /** Default: `https://s3.REGION.amazonaws.com` */
  url?: string | undefined
  /** How long S3 may be silent while it gives out a mail, in milliseconds. Default: 10,000 */
  timeout?: number | undefined
}

const NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

/**
 * Reads objects of one bucket (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
 * @throws Error when the name or the URL is none
 */
export function s3Objects({ name, credentials, region, url, timeout }: MailBucket & { region: string }) {
  if (!NAME.test(name)) throw new Error(`${name} is no name of a bucket of Amazon S3`)
  const api = serviceUrl(url ?? `https://s3.${region}.amazonaws.com`)
  return async (key: string): Promise<Uint8Array> => {
    const parts = key.split('/')
    // They would lead out of the bucket
    if (parts.some((part) => part === '.' || part === '..'))
      throw new Error(`${key} is no name of an object that is read`)
    // The bucket is in the path, since no certificate covers a name with dots in it
    const path = [name, ...parts].map(encodeURIComponent).join('/')
    const { status, headers, body } = await download(
      await awsSigned({ method: 'GET', url: `${api}/${path}`, region, service: 's3', credentials, headers: {} }),
      timeout,
    )
    if (status !== 200) throw new Error(`Amazon S3 does not give out ${name}/${key}: ${status} ${codeOf(body)}`)
    if (headers.has('x-amz-meta-x-amz-key-v2') || headers.has('x-amz-meta-x-amz-key'))
      throw new Error(`${name}/${key} is encrypted: turn off message encryption in the S3 action of the receipt rule`)
    return body
  }
}

/** Errors are XML with a code, such as `NoSuchKey` */
const codeOf = (body: Uint8Array): string => /<Code>(\w+)<\/Code>/.exec(new TextDecoder().decode(body))?.[1] ?? ''
