// A push service that checks what real ones check: who sends (RFC 8292), the headers (RFC 8030), the size, and, as the browser does, that the
// body decrypts (RFC 8291). Real push services are beyond these machines' network.
import { createDecipheriv, createECDH, hkdfSync, randomBytes, randomUUID } from 'node:crypto'
import { Agent, createServer } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { importJWK, jwtVerify } from 'jose'
import { certificateFor } from './certificate.ts'

const HOST = 'push.test'
const MAX_BODY = 4096

/** As `PushSubscription.toJSON` has it in browsers */
export interface SubscribedBrowser {
  endpoint: string
  keys: { p256dh: string; auth: string }
}

export interface ReceivedPush {
  endpoint: string
  /** Decrypted */
  payload: Record<string, unknown>
  topic: string | undefined
  urgency: string | undefined
  ttl: number
  /** Of the token */
  contact: string | undefined
  publicKey: string
  bytes: number
}

interface Browser {
  ecdh: ReturnType<typeof createECDH>
  auth: Buffer
  /** By whose key it subscribed; undefined: anybody's */
  applicationServerKey: string | undefined
}

/** A status, with further headers; `hang`: it never answers */
type Answer = number | [status: number, headers: Record<string, string>] | 'hang'

export interface PushService {
  /** Connects its name, and trusts its certificate */
  agent: Agent
  cert: Buffer
  port: number
  received: ReceivedPush[]
  /** What was refused, and why */
  refused: string[]
  /** How it answers what is right. Default: 201 */
  answer: (push: ReceivedPush) => Answer
  /** A browser subscribes */
  browser: (applicationServerKey?: string) => SubscribedBrowser
  stop: () => Promise<void>
}

/** Connects every name with this machine. @param cert the certificate that it trusts */
export const agentTo = (cert: string | Buffer): Agent =>
  new Agent({
    ca: cert,
    keepAlive: true,
    lookup: (_name, options, callback) =>
      options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4),
  })

export async function startPushService(): Promise<PushService> {
  const { key, cert } = certificateFor(HOST)
  const browsers = new Map<string, Browser>()
  const server = createServer({ key, cert }, (request, response) => void handle(request, response))

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const endpoint = `https://${HOST}:${service.port}${request.url}`
    const browser = browsers.get(endpoint)
    const refuse = (status: number, why: string): void => {
      service.refused.push(`${status} ${why}`)
      response.writeHead(status).end(why)
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    if (!browser) return refuse(404, 'no such subscription')
    try {
      const push = await read(request, body, endpoint, browser)
      if (typeof push === 'string') return refuse(400, push)
      service.received.push(push)
      const answer = service.answer(push)
      if (answer === 'hang') return
      const [status, headers] = typeof answer === 'number' ? [answer, {}] : answer
      if (status === 410) browsers.delete(endpoint)
      response.writeHead(status, { location: endpoint, ...headers }).end()
    } catch (error) {
      refuse(403, String(error))
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const agent = agentTo(cert)
  const service: PushService = {
    agent,
    cert,
    port,
    received: [],
    refused: [],
    answer: () => 201,
    browser(applicationServerKey) {
      const ecdh = createECDH('prime256v1')
      const auth = randomBytes(16)
      const endpoint = `https://${HOST}:${port}/send/${randomUUID()}`
      const p256dh = ecdh.generateKeys('base64url')
      browsers.set(endpoint, { ecdh, auth, applicationServerKey })
      return { endpoint, keys: { p256dh, auth: auth.toString('base64url') } }
    },
    async stop() {
      agent.destroy()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
  return service
}

/** @returns the push, or what is wrong with it. @throws what is wrong with its token or its body */
async function read(
  { method, headers }: IncomingMessage,
  body: Buffer,
  endpoint: string,
  { ecdh, auth, applicationServerKey }: Browser,
): Promise<ReceivedPush | string> {
  if (method !== 'POST') return `the method ${method}`
  if (headers['content-encoding'] !== 'aes128gcm') return `the coding ${headers['content-encoding']}`
  if (body.length > MAX_BODY) return `${body.length} bytes`
  const ttl = String(headers['ttl'])
  if (!/^\d+$/.test(ttl)) return `the TTL ${ttl}`
  const topic = headers['topic']?.toString()
  if (topic !== undefined && !/^[\w-]{1,32}$/.test(topic)) return `the topic ${topic}`
  const urgency = headers['urgency']?.toString()
  if (urgency !== undefined && !/^(very-low|low|normal|high)$/.test(urgency)) return `the urgency ${urgency}`
  const [, token = '', publicKey = ''] = /^vapid t=([\w.-]+), ?k=([\w-]{87})$/.exec(headers.authorization ?? '') ?? []
  const point = Buffer.from(publicKey, 'base64url')
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')]
  const verifier = await importJWK({ kty: 'EC', crv: 'P-256', x, y }, 'ES256')
  const { payload } = await jwtVerify(token, verifier, { audience: new URL(endpoint).origin, algorithms: ['ES256'] })
  const { exp = 0, sub } = payload
  if (exp > Date.now() / 1_000 + 24 * 3_600) return `the expiry ${exp}`
  if (sub !== undefined && !/^(mailto:|https:)/.test(sub)) return `the contact ${sub}`
  if (applicationServerKey !== undefined && applicationServerKey !== publicKey) return 'the key of somebody else'
  return {
    endpoint,
    payload: JSON.parse(decrypted(body, ecdh, auth)) as Record<string, unknown>,
    topic,
    urgency,
    ttl: Number(ttl),
    contact: sub,
    publicKey,
    bytes: body.length,
  }
}

/** As a browser does, by Node's own functions */
function decrypted(body: Buffer, ecdh: Browser['ecdh'], auth: Buffer): string {
  const salt = body.subarray(0, 16)
  const record = body.readUInt32BE(16)
  const length = body.readUInt8(20)
  const theirs = body.subarray(21, 21 + length)
  const sealed = body.subarray(21 + length)
  if (sealed.length > record) throw new Error('more than one record')
  const derive = (secret: Uint8Array, with_: Uint8Array, info: Uint8Array | string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, with_, info, bytes))
  const about = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), theirs])
  const secret = derive(ecdh.computeSecret(theirs), auth, about, 32)
  const decipher = createDecipheriv(
    'aes-128-gcm',
    derive(secret, salt, 'Content-Encoding: aes128gcm\0', 16),
    derive(secret, salt, 'Content-Encoding: nonce\0', 12),
  )
  decipher.setAuthTag(sealed.subarray(-16))
  const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
  const end = plain.lastIndexOf(2)
  if (end === -1 || plain.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('no end of the record')
  return plain.subarray(0, end).toString()
}
