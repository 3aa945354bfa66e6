// Pusher Channels, as far as publishing and listening need it: https://pusher.com/docs/channels/library_auth_reference/
import { createHash, createHmac } from 'node:crypto'
import type { WebSocket } from 'ws'
import { startService, type Answer, type ServiceRequest, type TestService } from './service.ts'

export const PUSHER_APP = { appId: '4711', key: 'a-public-key', secret: 'only-the-app-knows' }

const CHANNEL = /^[A-Za-z0-9_\-=@,.;]{1,164}$/
const MAX_DATA = 10_240
const MAX_CHANNELS = 100
const MAX_NAME = 200
/** How old a signature may be (s) */
const WINDOW = 600

const sign = (text: string): string => createHmac('sha256', PUSHER_APP.secret).update(text).digest('hex')
const refuse = (status: number, body: string): Answer => ({ status, body })

/** What is wrong with who asks; undefined: nothing */
function unsigned({ method, path, query, body }: ServiceRequest): Answer | undefined {
  if (query.get('auth_key') !== PUSHER_APP.key) return refuse(401, 'Unknown auth_key')
  if (query.get('auth_version') !== '1.0') return refuse(401, 'Unknown auth_version')
  const age = Math.abs(Date.now() / 1000 - Number(query.get('auth_timestamp')))
  if (!(age < WINDOW)) return refuse(401, 'Timestamp expired')
  if (body !== '' && query.get('body_md5') !== createHash('md5').update(body).digest('hex'))
    return refuse(401, 'Invalid body_md5')
  const signed = [...query]
    .filter(([name]) => name !== 'auth_signature')
    .map(([name, value]) => `${name.toLowerCase()}=${value}`)
    .toSorted()
  const expected = sign([method, path, signed.join('&')].join('\n'))
  return query.get('auth_signature') === expected ? undefined : refuse(401, 'Invalid signature')
}

interface Trigger {
  name: string
  channels: string[]
  data: string
}

function wrong({ name, channels, data }: Trigger): Answer | undefined {
  if (typeof name !== 'string' || name.length > MAX_NAME) return refuse(400, 'Invalid event name')
  if (!Array.isArray(channels) || channels.length === 0 || channels.length > MAX_CHANNELS)
    return refuse(400, 'Invalid channels')
  if (!channels.every((channel) => CHANNEL.test(channel))) return refuse(400, 'Invalid channel name')
  if (typeof data !== 'string') return refuse(400, 'The data must be a string')
  if (Buffer.byteLength(data) > MAX_DATA) return refuse(413, `The data content of this event exceeds ${MAX_DATA} bytes`)
  return undefined
}

interface Frame {
  event?: string
  channel?: string
  data?: { channel?: string; auth?: string; channel_data?: string } | string
}

/** @param options `clientEvents`: what the app's settings say */
export const startPusher = ({ clientEvents = true } = {}): Promise<TestService> =>
  startService((service) => {
    const listeners = new Map<string, Set<WebSocket>>()
    /** Of presence channels: who is behind which connection */
    const members = new Map<string, Map<WebSocket, string>>()
    const app = `/apps/${PUSHER_APP.appId}`
    let opened = 0

    function send(socket: WebSocket, frame: { event: string; channel?: string; data?: string | object }): void {
      socket.send(JSON.stringify(frame))
    }
    function tell(channel: string, event: string, data: string, from?: WebSocket): void {
      const user_id = from && members.get(channel)?.get(from)
      const frame = { event, channel, data, ...(user_id !== undefined && { user_id }) }
      for (const socket of listeners.get(channel) ?? []) if (socket !== from) service.deliver(() => send(socket, frame))
    }
    const isThere = (channel: string, user_id: string): boolean =>
      [...(members.get(channel)?.values() ?? [])].includes(user_id)

    /** @returns what the newcomer is told of a presence channel */
    function enter(socket: WebSocket, channel: string, user_id: string): object {
      const isNew = !isThere(channel, user_id)
      members.set(channel, (members.get(channel) ?? new Map<WebSocket, string>()).set(socket, user_id))
      if (isNew) tell(channel, 'pusher_internal:member_added', JSON.stringify({ user_id }), socket)
      const ids = [...new Set(members.get(channel)?.values())]
      return { presence: { count: ids.length, ids, hash: Object.fromEntries(ids.map((id) => [id, null])) } }
    }
    function leave(socket: WebSocket, channel: string): void {
      listeners.get(channel)?.delete(socket)
      const user_id = members.get(channel)?.get(socket)
      members.get(channel)?.delete(socket)
      if (user_id !== undefined && !isThere(channel, user_id))
        tell(channel, 'pusher_internal:member_removed', JSON.stringify({ user_id }))
    }
    function triggerByClient(socket: WebSocket, { event = '', channel = '', data }: Frame): void {
      if (!listeners.get(channel)?.has(socket)) return
      if (clientEvents) return tell(channel, event, JSON.stringify(data), socket)
      const message = 'To send client events, you must enable this feature in the Settings page of your dashboard.'
      send(socket, { event: 'pusher:error', data: { code: null, message } })
    }

    function trigger(body: string): Answer {
      const event = JSON.parse(body) as Trigger
      const problem = wrong(event)
      if (problem) return problem
      for (const channel of event.channels) {
        service.published.push({ channel, event: event.name, data: JSON.parse(event.data) })
        tell(channel, event.name, event.data)
      }
      return { status: 200, body: {} }
    }

    function subscribe(socket: WebSocket, socketId: string, { data }: Frame): void {
      const { channel = '', auth, channel_data } = data as Exclude<Frame['data'], string | undefined>
      const isPrivate = /^(private|presence)-/.test(channel)
      const signed = [socketId, channel, ...(channel_data === undefined ? [] : [channel_data])].join(':')
      if (isPrivate && auth !== `${PUSHER_APP.key}:${sign(signed)}`) {
        const error = { type: 'AuthError', error: `Invalid signature for ${channel}`, status: 401 }
        return send(socket, { event: 'pusher:subscription_error', channel, data: error })
      }
      const present = listeners.get(channel) ?? new Set()
      listeners.set(channel, present.add(socket))
      const { user_id } = JSON.parse(channel_data ?? '{}') as { user_id?: string }
      const about = channel.startsWith('presence-') ? enter(socket, channel, user_id ?? '') : {}
      send(socket, { event: 'pusher_internal:subscription_succeeded', channel, data: JSON.stringify(about) })
    }

    return {
      handle(request) {
        const { method, path, body } = request
        const problem = unsigned(request)
        if (problem) return problem
        if (method === 'GET' && path === `${app}/channels`) return { status: 200, body: { channels: {} } }
        if (method === 'POST' && path === `${app}/events`) return trigger(body)
        return refuse(404, 'Not found')
      },
      connect(socket, { path }) {
        if (path !== `/app/${PUSHER_APP.key}`) {
          send(socket, { event: 'pusher:error', data: { code: 4001, message: 'There is no such app' } })
          return socket.close(4001)
        }
        const socketId = `${++opened}.${Math.floor(Math.random() * 1e9)}`
        const about = JSON.stringify({ socket_id: socketId, activity_timeout: 30 })
        send(socket, { event: 'pusher:connection_established', data: about })
        socket.on('close', () => {
          for (const channel of listeners.keys()) leave(socket, channel)
        })
        socket.on('message', (message: Buffer) => {
          const frame = JSON.parse(message.toString()) as Frame
          const { event = '', data } = frame
          if (event === 'pusher:subscribe') subscribe(socket, socketId, frame)
          else if (event === 'pusher:unsubscribe') leave(socket, (data as { channel: string }).channel)
          else if (event === 'pusher:ping') send(socket, { event: 'pusher:pong', data: '{}' })
          else if (event.startsWith('client-')) triggerByClient(socket, frame)
        })
      },
    }
  })
