import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { awsSigned, isRegion, type AwsCredentials } from '../services/aws.ts'
import { checkAwsCredentials } from '../services/credentials.ts'
import { serviceUrl } from '../services/service-url.ts'
import type { Blobs } from '../server/ports/blobs.ts'

export interface S3Options {
  bucket: string
  /** Such as `eu-central-1`; services of others have names of their own, often `us-east-1` or `auto` */
  region: string
  /** They need `s3:PutObject`, `s3:GetObject` and `s3:DeleteObject` */
  credentials: AwsCredentials
  /** Put before each key, such as `chat/`. Default: none */
  prefix?: string | undefined
  /** Of another service that speaks S3. Default: `https://s3.REGION.amazonaws.com` */
  url?: string | undefined
  /** How long the service may say nothing, in milliseconds. Default: 30,000 */
  timeout?: number | undefined
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const PREFIX = /^([\w-][\w.-]*\/)*([\w-][\w.-]*)?$/
const TIMEOUT = 30_000
/** Bytes of an error that are read: it is a short XML document */
const MOST_OF_ERROR = 10_000

/**
 * Keeps the contents of files in a bucket of Amazon S3, or of another service that speaks its API
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/). Browsers do not talk to it: files go through this server, so the bucket stays private.
 * @throws Error when an option is invalid
 * @example attachments: { blobs: s3Blobs({ bucket: 'support-files', region: 'eu-central-1', credentials: { accessKeyId, secretAccessKey } }) }
 */
export function s3Blobs({ bucket, region, credentials, prefix = '', url, timeout = TIMEOUT }: S3Options): Blobs {
  checkAwsCredentials('s3Blobs', credentials)
  if (!BUCKET.test(bucket)) throw new Error(`${bucket} is no name of a bucket`)
  if (!PREFIX.test(prefix)) throw new Error(`${prefix} is no prefix of keys: use letters, digits, _ . - and /`)
  if (url === undefined && !isRegion(region)) throw new Error(`${region} is no region of AWS`)
  // The bucket is in the path, since no certificate covers a name with dots in it
  const base = `${serviceUrl(url ?? `https://s3.${region}.amazonaws.com`)}/${bucket}/${prefix}`

  async function ask(
    method: 'GET' | 'PUT' | 'DELETE',
    key: string,
    headers: Record<string, string> = {},
    body?: { content: Readable; size: number },
  ): Promise<IncomingMessage> {
    const signed = await awsSigned({
      method,
      url: base + encodeURIComponent(key),
      region,
      service: 's3',
      credentials,
      headers,
    })
    const { request } = await (signed.url.startsWith('https:') ? import('node:https') : import('node:http'))
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    // Sending may fail first, and then nobody waits for an answer
    promise.catch(() => undefined)
    const asked = request(signed.url, { method, headers: signed.headers, timeout })
    asked.on('response', resolve).on('error', reject)
    asked.on('timeout', () => asked.destroy(new Error(`${bucket} says nothing`)))
    if (body) await Promise.race([pipeline(body.content, exactly(body.size), asked), promise])
    else asked.end()
    return promise
  }

  return {
    async put(key, content, size) {
      const body = Readable.fromWeb(content as NodeReadableStream<Uint8Array>)
      try {
        const answer = await ask('PUT', key, { 'content-length': String(size) }, { content: body, size })
        if (answer.statusCode !== 200) throw await refusal(answer)
        answer.resume()
      } catch (error) {
        // It may have stored what came
        await this.delete(key).catch(() => undefined)
        throw error
      } finally {
        body.destroy()
      }
    },

    async get(key, range) {
      const headers = range && { range: `bytes=${range.start}-${range.start + range.length - 1}` }
      const answer = await ask('GET', key, headers)
      if (answer.statusCode === 404) {
        answer.resume()
        return undefined
      }
      if (answer.statusCode !== (range ? 206 : 200)) throw await refusal(answer)
      // Whoever reads it may take their time, and then nothing comes either
      answer.socket.setTimeout(0)
      return Readable.toWeb(answer) as ReadableStream<Uint8Array>
    },

    async delete(key) {
      const answer = await ask('DELETE', key)
      if (answer.statusCode !== 204 && answer.statusCode !== 200 && answer.statusCode !== 404)
        throw await refusal(answer)
      answer.resume()
    },
  }
}

/** Passes on what has so many bytes. The service would wait for more, and store the beginning of what is longer */
const exactly = (size: number) =>
  async function* (content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    let left = size
    for await (const chunk of content) {
      left -= chunk.length
      if (left < 0) throw new Error(`More bytes came than ${size}`)
      yield chunk
    }
    if (left > 0) throw new Error(`${left} bytes of ${size} did not come`)
  }

/** What the service says, which may hold no secrets: errors are XML with a code, such as `AccessDenied` */
async function refusal(answer: IncomingMessage): Promise<Error> {
  let text = ''
  for await (const chunk of answer) {
    text += String(chunk)
    if (text.length > MOST_OF_ERROR) break
  }
  const [, code = ''] = /<Code>(\w+)<\/Code>/.exec(text) ?? []
  return new Error(`The bucket answers with ${answer.statusCode} ${code}`.trim())
}
