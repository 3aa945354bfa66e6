// Whether a WebSocket gets through, and if not, what stops it.
import { randomBytes } from 'node:crypto'
import { request as plainRequest, type IncomingMessage } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import { CABLE_V1, TOKEN_PROTOCOL_PREFIX } from '../../protocol/cable.ts'
import { AUDIENCE, tokens } from '../../server/people/token.ts'
import type { Settings } from '../../standalone/settings.ts'
import { ok, reasonOf, wrong, type Finding } from './finding.ts'

const PATIENCE = 5_000
const FOREIGN = 'https://foreign.invalid'
const HOW =
  'nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"'

type Outcome =
  /** The upgrade succeeded, and this was the first frame; empty: none came in time */
  | { kind: 'open'; said: string }
  | { kind: 'answer'; status: number; type: string }
  | { kind: 'silence' }
  | { kind: 'error'; reason: string }

export async function checkSocket({ publicUrl, secret }: Settings): Promise<Finding[]> {
  const claims = { sub: 'deskbell-doctor', email: 'doctor@localhost' }
  const token = await tokens(secret).sign(claims, { audience: AUDIENCE.admin, expiresIn: 60 })
  const check = 'WebSocket'
  const own = explain(await upgrade(publicUrl, new URL(publicUrl).origin, token))
  if (own !== null) return [wrong(check, own)]
  const foreign = await upgrade(publicUrl, FOREIGN, token)
  return [
    foreign.kind === 'open'
      ? wrong(check, 'Pages of any origin are let in: a proxy changes the header Origin. Let it pass as it is')
      : ok(check, 'It opens and answers; foreign origins are refused'),
  ]
}

/** What is wrong; null: it works */
function explain(outcome: Outcome): string | null {
  switch (outcome.kind) {
    case 'error':
      return `The upgrade failed (${outcome.reason}): a proxy ends it. ${HOW}`
    case 'silence':
      return `No answer to the upgrade within ${PATIENCE / 1000} s: a proxy holds it back. ${HOW}`
    case 'open':
      if (outcome.said.includes('"welcome"')) return null
      return outcome.said === ''
        ? `It opens, but no frame comes through: a proxy holds frames back. ${HOW}`
        : 'It opens, and its token is refused: a proxy drops the header Sec-WebSocket-Protocol'
    case 'answer': {
      const { status, type } = outcome
      // Deskbell's own answer to a request whose upgrade header was dropped
      if (status === 404 && type.includes('problem+json'))
        return `A proxy turns the upgrade into a plain request. ${HOW}`
      if (status === 403 && type.includes('problem+json'))
        return 'The origin of PUBLIC_URL is refused (403): the server has another PUBLIC_URL, or a proxy changes Origin'
      if (status === 403) return 'A proxy refuses the upgrade (403): let it pass'
      return `The upgrade is answered ${status} instead of 101: a proxy swallows it. ${HOW}`
    }
  }
}

function upgrade(publicUrl: string, origin: string, token: string): Promise<Outcome> {
  const request = publicUrl.startsWith('https:') ? secureRequest : plainRequest
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const asked = request(`${publicUrl}/cable`, {
    agent: false,
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      origin,
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      'sec-websocket-protocol': `${CABLE_V1}, ${TOKEN_PROTOCOL_PREFIX}${token}`,
    },
  })
  let opened = false
  const timer = setTimeout(() => resolve(opened ? { kind: 'open', said: '' } : { kind: 'silence' }), PATIENCE)
  asked.on('upgrade', (_response: IncomingMessage, socket: Duplex, head: Buffer) => {
    opened = true
    let said = head.toString('latin1')
    const look = (): void => {
      if (/"welcome"|"disconnect"/.test(said)) resolve({ kind: 'open', said })
    }
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1')
      look()
    })
    socket.on('close', () => resolve({ kind: 'error', reason: 'it was closed at once' }))
    look()
  })
  asked.on('response', (response) => {
    const type = response.headers['content-type'] ?? ''
    resolve({ kind: 'answer', status: response.statusCode ?? 0, type })
  })
  asked.on('error', (error) => resolve({ kind: 'error', reason: reasonOf(error) }))
  asked.end()
  return promise.finally(() => {
    clearTimeout(timer)
    asked.destroy()
  })
}
