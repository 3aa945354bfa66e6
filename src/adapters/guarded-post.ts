// Posts webhooks and push notifications from Node: to public addresses only, unless the endpoint of a webhook allows private ones. The name
// is resolved once for each connection, and the address that was checked is the one that is connected to.
import { lookup } from 'node:dns'
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { PushBarred, type PostPush } from '../server/ports/push-post.ts'
import { WebhookFailed, type PostWebhook } from '../server/ports/webhook-post.ts'
import { retryAfterOf } from '../server/push/retry-after.ts'
import { isPublicAddress } from './public-address.ts'

/** Bytes of an answer's body that are read, so that the connection can be used again. A longer one ends it */
const MAX_ANSWER = 64 * 1024
/** Milliseconds that the rest of an answer may take, once its status is known */
const REST_WITHIN = 1_000

/** Looks a name up and checks where it leads; what it passes on is what is connected to */
const publicLookup =
  (resolve: typeof lookup): LookupFunction =>
  (hostname, options, callback) =>
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const [first] = addresses
      // Refused if any of them is private: nobody has such a name in good faith
      const isBarred = addresses.some(({ address }) => !isPublicAddress(address))
      if (isBarred || !first) return callback(privateAddress(hostname), '')
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family)
    })

/** Codes of Node for TLS, and those of OpenSSL for a certificate */
const TLS =
  /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_|HOSTNAME_MISMATCH$)/

/** With connections of its own: those of a guarded pool have been checked */
const poolOf = (guard?: LookupFunction) => {
  const options = { keepAlive: true, ...(guard ? { lookup: guard } : {}) }
  return { http: new HttpAgent(options), https: new HttpsAgent(options) }
}

/** @param resolve looks names up */
export function guardedPost(resolve: typeof lookup = lookup): PostWebhook {
  const guarded = poolOf(publicLookup(resolve))
  const open = poolOf()
  return async (request) => {
    if (!request.allowPrivateHost) checkLiteral(request.url)
    const { status } = await post(request, request.allowPrivateHost ? open : guarded)
    return status
  }
}

/** @param agent makes connections. Default: to public addresses alone */
export function guardedPush(
  agent: HttpsAgent = new HttpsAgent({ keepAlive: true, lookup: publicLookup(lookup) }),
): PostPush {
  const pool = { http: new HttpAgent(), https: agent }
  return async (request) => {
    try {
      checkLiteral(request.url)
      const { status, headers } = await post(request, pool)
      return { status, retryAfter: retryAfterOf(headers['retry-after']) }
    } catch (error) {
      if (error instanceof WebhookFailed && error.reason === 'private_address') throw new PushBarred(error.message)
      throw error
    }
  }
}

/** Node looks up no name where there is none */
function checkLiteral(url: string): void {
  const { hostname } = new URL(url)
  const literal = hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0 && !isPublicAddress(literal)) throw privateAddress(hostname)
}

interface PostedRequest {
  url: string
  headers: Record<string, string>
  body: string | Uint8Array
  signal: AbortSignal
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
}

function post({ url, headers, body, signal }: PostedRequest, pool: ReturnType<typeof poolOf>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers, signal }
    const request = url.startsWith('https:')
      ? httpsRequest(url, { ...options, agent: pool.https })
      : httpRequest(url, { ...options, agent: pool.http })
    request.on('error', (error) => reject(failureOf(error)))
    request.on('response', (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > MAX_ANSWER) response.destroy()
      })
      const timer = setTimeout(() => response.destroy(), REST_WITHIN)
      response.on('error', () => undefined)
      response.on('close', () => {
        clearTimeout(timer)
        resolve({ status: response.statusCode ?? 0, headers: response.headers })
      })
    })
    request.end(body)
  })
}

const privateAddress = (host: string): WebhookFailed =>
  new WebhookFailed('private_address', `${host} leads to an address that is not public`)

function failureOf(error: Error): WebhookFailed {
  if (error instanceof WebhookFailed) return error
  const { code = '' } = error as NodeJS.ErrnoException
  if (/^(ENOTFOUND|EAI_AGAIN|ENODATA)$/.test(code))
    return new WebhookFailed('unknown_host', error.message, { cause: error })
  return new WebhookFailed(TLS.test(code) ? 'tls' : 'unreachable', error.message, { cause: error })
}
