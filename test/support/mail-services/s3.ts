// Amazon S3, as far as storing, reading and deleting objects needs it: https://docs.aws.amazon.com/AmazonS3/latest/API/
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SES_KEYS, SES_REGION } from './ses.ts'
import { signatureError } from './sigv4.ts'

export interface TestS3 {
  url: string
  /** By `BUCKET/KEY` */
  objects: Map<string, Buffer>
  /** Of each object */
  metadata: Record<string, string>
  /** What was asked for */
  asked: string[]
  /** `hang`: says nothing · `cut`: breaks off in the middle of an object */
  mode: 'answer' | 'hang' | 'cut'
  stop(): Promise<void>
}

export async function startS3(): Promise<TestS3> {
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    s3.asked.push(url)
    if (s3.mode === 'hang') return
    const errorOf = (body: Buffer): string | undefined => {
      const signed = { method, path: url, headers, body }
      return signatureError(signed, { keys: SES_KEYS, region: SES_REGION, service: 's3', fastTime: false })
    }
    const name = decodeURIComponent(new URL(url, 'http://localhost').pathname.slice(1))
    // A body may be signed too, and is read then before anything is said
    const isSigned = method === 'PUT' && headers['x-amz-content-sha256'] !== 'UNSIGNED-PAYLOAD'
    const error = isSigned ? undefined : errorOf(Buffer.alloc(0))
    if (error !== undefined) return fail(response, 403, error)
    if (method === 'PUT')
      return void store(request, response, (body) => {
        const refused = isSigned ? errorOf(body) : undefined
        if (refused === undefined) s3.objects.set(name, body)
        return refused
      })
    if (method === 'DELETE') {
      s3.objects.delete(name)
      return void response.writeHead(204).end()
    }
    const object = s3.objects.get(name)
    if (method !== 'GET' || !object) return fail(response, 404, 'NoSuchKey')
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? []
    if (from !== undefined && to !== undefined) {
      const part = object.subarray(Number(from), Number(to) + 1)
      const range = `bytes ${from}-${Number(from) + part.length - 1}/${object.length}`
      return void response.writeHead(206, { 'content-length': part.length, 'content-range': range }).end(part)
    }
    response.writeHead(200, { 'content-type': 'binary/octet-stream', 'content-length': object.length, ...s3.metadata })
    if (s3.mode === 'cut') return void response.write(object.subarray(0, 100), () => response.destroy())
    response.end(object)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const s3: TestS3 = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: new Map(),
    metadata: {},
    asked: [],
    mode: 'answer',
    stop() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return s3
}

/**
 * Without the length that was announced, nothing is stored
 * @param keep returns the error that is told instead
 */
async function store(
  request: IncomingMessage,
  response: ServerResponse,
  keep: (body: Buffer) => string | undefined,
): Promise<void> {
  if (request.headers['content-length'] === undefined) return fail(response, 411, 'MissingContentLength')
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer)
  } catch {
    return
  }
  const error = keep(Buffer.concat(chunks))
  if (error !== undefined) return fail(response, 403, error)
  response.writeHead(200, { etag: '"1"' }).end()
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>No</Message></Error>`)
}
