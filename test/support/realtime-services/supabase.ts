// Supabase Realtime, as far as broadcasts on private channels need it: https://supabase.com/docs/guides/realtime/broadcast and the
// Phoenix channels of its client, version 2.0.0, frames [join_ref, ref, topic, event, payload].
import { jwtVerify } from 'jose'
import type { WebSocket } from 'ws'
import { startService, type Answer, type ServiceRequest, type TestService } from './service.ts'

export const SUPABASE_PROJECT = {
  key: 'sb_publishable_public',
  secretKey: 'sb_secret_only-the-app-knows',
  jwtSecret: 'only-the-project-knows-this-secret-of-tokens',
}

const MAX_PAYLOAD = 256_000

type Frame = [
  joinRef: string | null,
  ref: string | null,
  topic: string,
  event: string,
  payload: Record<string, unknown>,
]

interface Broadcast {
  topic: string
  event: string
  payload: unknown
  private?: boolean
}

/** When somebody's permission ends (ms since 1970); undefined: they have none. It is the policy of docs/realtime.md */
async function permittedUntil(topic: string, token: unknown): Promise<number | undefined> {
  try {
    const { payload } = await jwtVerify(String(token), new TextEncoder().encode(SUPABASE_PROJECT.jwtSecret), {
      algorithms: ['HS256'],
      requiredClaims: ['exp', 'role'],
    })
    const named = payload['support_topic']
    const isStaff = named === 'support-staff' && topic.startsWith('support-chat:')
    return payload['role'] === 'anon' && (named === topic || isStaff) ? Number(payload.exp) * 1000 : undefined
  } catch {
    return undefined
  }
}

export const startSupabase = (): Promise<TestService> =>
  startService((service) => {
    const joined = new Map<string, Map<WebSocket, string | null>>()

    function broadcast({ headers }: ServiceRequest, messages: Broadcast[]): Answer {
      if (headers['apikey'] !== SUPABASE_PROJECT.secretKey) return { status: 401, body: { message: 'Invalid API key' } }
      if (messages.some(({ payload }) => Buffer.byteLength(JSON.stringify(payload)) > MAX_PAYLOAD))
        return { status: 422, body: { message: 'Payload size exceeds tenant limit' } }
      for (const { topic, event, payload, private: isPrivate = false } of messages) {
        // A project that lets nobody into public channels
        if (!isPrivate) continue
        service.published.push({ channel: topic, event, data: payload })
        const data = { type: 'broadcast', event, payload }
        for (const [socket, joinRef] of joined.get(topic) ?? [])
          service.deliver(() => send(socket, [joinRef, null, `realtime:${topic}`, 'broadcast', data]))
      }
      return { status: 202 }
    }

    /** One message, as newer clients send it */
    function broadcastOne(request: ServiceRequest, topic: string, event: string): Answer {
      const isPrivate = request.query.get('private') === 'true'
      return broadcast(request, [{ topic, event, payload: JSON.parse(request.body), private: isPrivate }])
    }

    const send = (socket: WebSocket, frame: Frame): void => socket.send(JSON.stringify(frame))

    function connect(socket: WebSocket, { query }: ServiceRequest): void {
      if (query.get('apikey') !== SUPABASE_PROJECT.key || query.get('vsn') !== '2.0.0') return socket.close(1008)
      const ends = new Map<string, NodeJS.Timeout>()

      async function join([joinRef, ref, name, , { config, access_token }]: Frame): Promise<void> {
        const topic = name.replace(/^realtime:/, '')
        const { private: isPrivate } = config as { private?: boolean }
        const until = isPrivate ? await permittedUntil(topic, access_token) : undefined
        const reply = (status: string, response: object): void =>
          send(socket, [joinRef, ref, name, 'phx_reply', { status, response }])
        if (until === undefined)
          return reply('error', {
            reason: `Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`,
          })
        const sockets = joined.get(topic) ?? new Map<WebSocket, string | null>()
        joined.set(topic, sockets.set(socket, joinRef))
        expire(joinRef, name, until)
        reply('ok', { postgres_changes: [] })
      }

      /** Ends the membership with the token */
      function expire(joinRef: string | null, name: string, until: number): void {
        clearTimeout(ends.get(name))
        const end = (): void => {
          joined.get(name.replace(/^realtime:/, ''))?.delete(socket)
          send(socket, [joinRef, null, name, 'system', { status: 'error', message: 'Token has expired' }])
          send(socket, [joinRef, null, name, 'phx_close', {}])
        }
        ends.set(name, setTimeout(end, until - Date.now()))
      }

      async function renew([joinRef, , name, , { access_token }]: Frame): Promise<void> {
        const until = await permittedUntil(name.replace(/^realtime:/, ''), access_token)
        expire(joinRef, name, until ?? 0)
      }

      socket.on('close', () => {
        for (const end of ends.values()) clearTimeout(end)
        for (const sockets of joined.values()) sockets.delete(socket)
      })
      socket.on('message', (message: Buffer) => {
        const frame = JSON.parse(message.toString()) as Frame
        const [joinRef, ref, name, event] = frame
        if (event === 'phx_join') void join(frame)
        else if (event === 'access_token') void renew(frame)
        else if (event === 'heartbeat' || event === 'phx_leave') {
          if (event === 'phx_leave') joined.get(name.replace(/^realtime:/, ''))?.delete(socket)
          send(socket, [joinRef, ref, name, 'phx_reply', { status: 'ok', response: {} }])
        }
      })
    }

    return {
      handle(request) {
        const { method, path, headers } = request
        const [, topic, event] = /^\/realtime\/v1\/api\/broadcast\/([^/]+)\/events\/([^/]+)$/.exec(path) ?? []
        if (method === 'POST' && topic !== undefined && event !== undefined)
          return broadcastOne(request, decodeURIComponent(topic), decodeURIComponent(event))
        if (method === 'POST' && path === '/realtime/v1/api/broadcast')
          return broadcast(request, (JSON.parse(request.body) as { messages: Broadcast[] }).messages)
        const isKnown = headers['apikey'] === SUPABASE_PROJECT.secretKey
        if (path === '/rest/v1/') return isKnown ? { status: 200, body: {} } : { status: 401, body: {} }
        return { status: 404, body: {} }
      },
      connect,
    }
  })
