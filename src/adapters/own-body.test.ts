import { createServer, request as ask, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { giveBack } from '../server/ports/own-memory.ts'
import { withOwnBody } from './own-body.ts'

const FILE = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251)

const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

/** @returns the URL of a server that does this with each request, and answers with the text that comes of it */
async function serve(work: (request: Request, incoming: IncomingMessage) => Promise<string>): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '' } = incoming
    const request = new Request(`http://localhost${url}`, { method, headers: { 'x-from': 'the host' } })
    void work(request, incoming).then((text) => outgoing.end(text))
  }).listen(0, '127.0.0.1')
  stops.push(() => server.close().closeAllConnections())
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const post = async (url: string, body: Uint8Array<ArrayBuffer>): Promise<string> =>
  (await fetch(url, { method: 'POST', body })).text()

it('hands a large body over in chunks whose memory can be given back', async () => {
  let kept: Uint8Array[] = []
  let headers: Headers | undefined
  const url = await serve(async (given, incoming) => {
    const request = withOwnBody(given, incoming)
    headers = request.headers
    kept = []
    const bytes: number[] = []
    for await (const chunk of request.body ?? []) {
      kept.push(chunk)
      bytes.push(...chunk)
      giveBack(chunk)
    }
    return String(bytes.length === FILE.length && bytes.every((byte, i) => byte === FILE[i]))
  })
  expect(await post(url, FILE)).toBe('true')
  expect(kept.length).toBeGreaterThan(1)
  expect(kept.every(({ buffer }) => buffer.byteLength === 0)).toBe(true)
  expect(headers?.get('x-from')).toBe('the host')
})

it('leaves a body as it is that is small, or that the host listens to', async () => {
  const heard: Uint8Array[] = []
  const url = await serve(async (given, incoming) => {
    if (Number(incoming.headers['content-length']) === FILE.length)
      incoming.on('data', (chunk: Buffer) => heard.push(chunk))
    return String(withOwnBody(given, incoming) === given)
  })
  expect(await post(url, FILE.slice(0, 1_000))).toBe('true')
  expect(await post(url, FILE)).toBe('true')
  for (const chunk of heard) giveBack(chunk)
  expect(heard.every(({ length }) => length > 0)).toBe(true)
})

it('leaves a request without a body alone, whatever length it names', async () => {
  const url = await serve(async (given, incoming) => String(withOwnBody(given, incoming) === given))
  for (const method of ['GET', 'HEAD']) {
    const answer = Promise.withResolvers<IncomingMessage>()
    const asked = ask(url, { method, headers: { 'content-length': FILE.length } }, answer.resolve)
    asked.on('error', answer.reject).write(FILE)
    const { statusCode } = await answer.promise
    expect(statusCode).toBe(200)
    asked.destroy()
  }
})

it('reads nothing before it is asked to, so that the host can read it itself', async () => {
  const url = await serve(async (given, incoming) => {
    withOwnBody(given, incoming)
    let bytes = 0
    for await (const chunk of incoming) bytes += (chunk as Buffer).length
    return String(bytes)
  })
  expect(await post(url, FILE)).toBe(String(FILE.length))
})

it('fails when the peer goes, and lets the peer go when it is cancelled', async () => {
  const failed = Promise.withResolvers<unknown>()
  const url = await serve(async (given, incoming) => {
    const { body } = withOwnBody(given, incoming)
    if (incoming.url === '/cancel') await body?.cancel()
    else await new Response(body).bytes().catch(failed.resolve)
    return 'never'
  })
  const headers = { 'content-length': FILE.length }
  const gone = ask(url, { method: 'POST', headers })
  gone.on('error', () => undefined).write(FILE.subarray(0, 1_000), () => gone.destroy())
  expect(await failed.promise).toBeInstanceOf(Error)
  const cancelled = ask(`${url}cancel`, { method: 'POST', headers })
  const closed = new Promise((resolve) => cancelled.on('error', resolve))
  cancelled.write(FILE.subarray(0, 1_000))
  expect(await closed).toMatchObject({ code: 'ECONNRESET' })
})
