import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import { finished, type Readable } from 'node:stream'
import { markOwn } from '../server/ports/own-memory.ts'

/** Bytes of a body from which on its chunks are as large as the system makes them */
const LARGE = 64 * 1024

/** A request whose chunks are the chat's own where its body is large and still to come, as that of a file */
export function withOwnBody(request: Request, incoming: IncomingMessage | Http2ServerRequest): Request {
  const { url, method, headers } = request
  const isLarge = Number(incoming.headers['content-length']) >= LARGE && method !== 'GET' && method !== 'HEAD'
  if (!isLarge || incoming.httpVersionMajor !== 1 || request.bodyUsed || isHosts(incoming)) return request
  const init = { method, headers, body: chunksOf(incoming), duplex: 'half' as const }
  return new Request(url, init)
}

/** The host has read it, or listens */
const isHosts = (incoming: IncomingMessage | Http2ServerRequest): boolean =>
  incoming.readableDidRead || incoming.listenerCount('data') > 0 || 'rawBody' in incoming

/** Without the copies that `Readable.toWeb` makes. Nothing is read before somebody asks for it: the request may be the host's */
function chunksOf(incoming: Readable): ReadableStream<Uint8Array<ArrayBuffer>> {
  let isBegun = false
  function begin(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): void {
    isBegun = true
    incoming.on('data', (chunk: Buffer<ArrayBuffer>) => {
      incoming.pause()
      // Smaller ones may share their memory with others
      if (chunk.length === chunk.buffer.byteLength) markOwn(chunk)
      controller.enqueue(chunk)
    })
    finished(incoming, { writable: false }, (error) => (error ? controller.error(error) : controller.close()))
  }
  return new ReadableStream(
    {
      pull(controller) {
        if (!isBegun) begin(controller)
        incoming.resume()
      },
      cancel: () => void incoming.destroy(),
    },
    { highWaterMark: 0 },
  )
}
