// Ably, as far as publishing and listening need it: REST (https://ably.com/docs/api/rest-api) and its protocol 6 over a WebSocket.
import { createHmac } from 'node:crypto'
import { jwtVerify } from 'jose'
import type { WebSocket } from 'ws'
import { startService, type Answer, type ServiceRequest, type TestService } from './service.ts'

export const ABLY_KEY = 'app4711.key1:only-the-app-knows'
const [KEY_NAME = '', SECRET = ''] = ABLY_KEY.split(':')

const MAX_MESSAGE = 65_536
/** How far a clock may be off (ms) */
const WINDOW = 120_000
/** Bits of the flags of an attached channel */
const HAS_PRESENCE = 1
const MAY_BE_PRESENT = 1 << 16
const MAY_SUBSCRIBE = 1 << 18
const MAY_SEE_PRESENCE = 1 << 19

const HEARTBEAT = 0
const ACK = 1
const NACK = 2
const CONNECTED = 4
const DISCONNECTED = 6
const CLOSE = 7
const CLOSED = 8
const ERROR = 9
const ATTACH = 10
const ATTACHED = 11
const DETACH = 12
const DETACHED = 13
const PRESENCE = 14
const MESSAGE = 15
const SYNC = 16
const AUTH = 17

interface Problem {
  statusCode: number
  code: number
  message: string
}
const problem = (statusCode: number, code: number, message: string): Problem => ({ statusCode, code, message })
const refuse = ({ statusCode, ...error }: Problem): Answer => ({
  status: statusCode,
  headers: { 'x-ably-errorcode': String(error.code) },
  body: { error: { statusCode, ...error } },
})
const DENIED = problem(401, 40160, 'Channel denied access')
const UNKNOWN_KEY = problem(401, 40101, 'Invalid credentials')

type Capability = Record<string, string[]>
interface Credentials {
  capability: Capability
  /** Whose it is, if the token says so */
  clientId: string | undefined
  /** Milliseconds since 1970 */
  until: number
}

async function credentialsOf(token: string): Promise<Credentials | Problem> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, new TextEncoder().encode(SECRET), {
      algorithms: ['HS256'],
      requiredClaims: ['iat', 'exp'],
    })
    if (protectedHeader.kid !== KEY_NAME) return UNKNOWN_KEY
    const capability = JSON.parse(String(payload['x-ably-capability'])) as Capability
    const clientId = payload['x-ably-clientId'] as string | undefined
    return { capability, clientId, until: Number(payload.exp) * 1000 }
  } catch (error) {
    const isOld = (error as { code?: string }).code === 'ERR_JWT_EXPIRED'
    return isOld ? problem(401, 40142, 'Token expired') : problem(401, 40144, 'Invalid JWT')
  }
}

/** A resource is a channel, or `NAMESPACE:*` */
function may({ capability }: Credentials, operation: string, channel: string): boolean {
  return Object.entries(capability).some(
    ([resource, operations]) =>
      operations.includes(operation) &&
      (resource === channel || (resource.endsWith(':*') && channel.startsWith(resource.slice(0, -1)))),
  )
}

interface Message {
  name?: string
  data?: unknown
  encoding?: string
}

/** Somebody in the presence set of a channel, on one connection */
interface Member {
  action: number
  id: string
  clientId: string
  connectionId: string
  timestamp: number
  data?: unknown
  encoding?: string
}
const PRESENT = 1
const LEAVE = 3

interface Frame {
  action: number
  channel?: string
  msgSerial?: number
  presence?: { action: number; clientId?: string; data?: unknown; encoding?: string }[]
  auth?: { accessToken?: string }
}

export const startAbly = (): Promise<TestService> =>
  startService((service) => {
    const attached = new Map<string, Set<WebSocket>>()
    /** By channel and connection */
    const present = new Map<string, Map<string, Member>>()
    let opened = 0
    const membersOf = (channel: string): Map<string, Member> => {
      const members = present.get(channel) ?? new Map<string, Member>()
      present.set(channel, members)
      return members
    }
    function tellMember(channel: string, member: Member): void {
      if (member.action === LEAVE) membersOf(channel).delete(member.connectionId)
      else membersOf(channel).set(member.connectionId, member)
      const frame = { action: PRESENCE, channel, id: member.id, timestamp: member.timestamp, presence: [member] }
      for (const socket of attached.get(channel) ?? []) service.deliver(() => socket.send(JSON.stringify(frame)))
    }

    function publish(channel: string, { body, headers }: ServiceRequest): Answer {
      if (headers.authorization !== `Basic ${btoa(ABLY_KEY)}`) return refuse(UNKNOWN_KEY)
      if (!headers['x-ably-version']) return refuse(problem(400, 40000, 'The request names no version'))
      const messages = [JSON.parse(body) as Message | Message[]].flat()
      if (Buffer.byteLength(JSON.stringify(messages)) > MAX_MESSAGE)
        return refuse(problem(400, 40009, 'Maximum message length exceeded'))
      for (const message of messages) {
        const isJson = message.encoding === 'json'
        const data = isJson ? (JSON.parse(String(message.data)) as unknown) : message.data
        service.published.push({ channel, event: message.name ?? '', data })
      }
      const frame = { action: MESSAGE, channel, id: `m${service.published.length}`, timestamp: Date.now(), messages }
      for (const socket of attached.get(channel) ?? []) service.deliver(() => socket.send(JSON.stringify(frame)))
      return { status: 201, body: { channel, messageId: frame.id } }
    }

    function requestToken({ body }: ServiceRequest): Answer {
      const {
        keyName,
        ttl = '',
        capability = '',
        clientId = '',
        timestamp,
        nonce,
        mac,
      } = JSON.parse(body) as Record<string, string | number>
      const signed = [keyName, ttl, capability, clientId, timestamp, nonce, ''].join('\n')
      const expected = createHmac('sha256', SECRET).update(signed).digest('base64')
      if (keyName !== KEY_NAME || mac !== expected) return refuse(UNKNOWN_KEY)
      if (Math.abs(Date.now() - Number(timestamp)) > WINDOW) return refuse(problem(401, 40104, 'Timestamp not current'))
      const now = Date.now()
      return { status: 201, body: { token: 'opaque', keyName, issued: now, expires: now + Number(ttl), capability } }
    }

    async function connect(socket: WebSocket, token: string): Promise<void> {
      const send = (frame: object): void => socket.send(JSON.stringify(frame))
      const id = `connection${++opened}`
      let presenceSerial = 0
      let credentials: Credentials | undefined
      let ends: NodeJS.Timeout | undefined

      async function identify(accessToken: string): Promise<void> {
        const known = await credentialsOf(accessToken)
        if ('code' in known) {
          send({ action: known.code === 40142 ? DISCONNECTED : ERROR, error: known })
          return socket.close()
        }
        credentials = known
        clearTimeout(ends)
        ends = setTimeout(() => {
          send({ action: DISCONNECTED, error: problem(401, 40142, 'Token expired') })
          socket.close()
        }, known.until - Date.now())
        const details = { connectionKey: `${id}!key`, connectionStateTtl: 120_000, maxIdleInterval: 15_000 }
        const { clientId } = known
        const limits = { maxMessageSize: MAX_MESSAGE, ...(clientId !== undefined && { clientId }) }
        send({ action: CONNECTED, connectionId: id, connectionDetails: { ...details, ...limits } })
      }

      function attach(channel: string): void {
        if (!credentials || !may(credentials, 'subscribe', channel))
          return send({ action: ERROR, channel, error: DENIED })
        attached.set(channel, (attached.get(channel) ?? new Set()).add(socket))
        const members = [...membersOf(channel).values()]
        const flags =
          MAY_SUBSCRIBE |
          MAY_SEE_PRESENCE |
          (may(credentials, 'presence', channel) ? MAY_BE_PRESENT : 0) |
          (members.length > 0 ? HAS_PRESENCE : 0)
        send({ action: ATTACHED, channel, flags, channelSerial: `${channel}@0` })
        if (members.length === 0) return
        const presence = members.map((member) => ({ ...member, action: PRESENT }))
        // A serial that ends with the colon is that of the last part
        send({ action: SYNC, channel, channelSerial: 'set:', presence })
      }

      function bePresent({ channel = '', presence = [], msgSerial }: Frame): void {
        const about = { msgSerial, count: 1 }
        const isAllowed = credentials && may(credentials, 'presence', channel)
        if (!isAllowed || credentials?.clientId === undefined) return send({ action: NACK, ...about, error: DENIED })
        const { clientId } = credentials
        // Nobody may name somebody else
        if (presence.some((one) => one.clientId !== undefined && one.clientId !== clientId))
          return send({ action: NACK, ...about, error: problem(400, 40012, 'Invalid client id') })
        for (const one of presence) {
          const place = { id: `${id}:${presenceSerial++}:0`, connectionId: id, timestamp: Date.now() }
          tellMember(channel, { ...one, ...place, clientId })
        }
        send({ action: ACK, ...about })
      }

      function leave(channel: string): void {
        attached.get(channel)?.delete(socket)
        const member = membersOf(channel).get(id)
        if (member) tellMember(channel, { ...member, action: LEAVE, id: `${id}:${presenceSerial++}:0` })
      }

      const beats = setInterval(() => send({ action: HEARTBEAT }), 5_000)
      socket.on('close', () => {
        clearInterval(beats)
        clearTimeout(ends)
        for (const channel of attached.keys()) leave(channel)
      })
      socket.on('message', (message: Buffer) => {
        const frame = JSON.parse(message.toString()) as Frame
        const { action, channel = '', auth } = frame
        if (action === HEARTBEAT) send({ action: HEARTBEAT })
        else if (action === ATTACH) attach(channel)
        else if (action === AUTH) void identify(auth?.accessToken ?? '')
        else if (action === PRESENCE) bePresent(frame)
        else if (action === DETACH) {
          leave(channel)
          send({ action: DETACHED, channel })
        } else if (action === CLOSE) {
          send({ action: CLOSED })
          socket.close()
        }
      })
      await identify(token)
    }

    return {
      handle(request) {
        const { method, path } = request
        const channel = /^\/channels\/([^/]+)\/messages$/.exec(path)?.[1]
        if (method === 'POST' && channel !== undefined) return publish(decodeURIComponent(channel), request)
        if (method === 'POST' && path === `/keys/${KEY_NAME}/requestToken`) return requestToken(request)
        if (path.startsWith('/keys/')) return refuse(UNKNOWN_KEY)
        return { status: 404, body: {} }
      },
      connect: (socket, { query }) => void connect(socket, query.get('access_token') ?? ''),
    }
  })
