// The frames here are those of Centrifugo 6.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { sampleEvents } from '../well-formed.ts'
import { connectCentrifugo } from './centrifugo.ts'
import type { ChatClient, EventKind, Participant } from './dialect.ts'

const STAFF: Participant = { token: 'admin-1', isStaff: true, chats: ['7'] }
const message = { id: 'm', content: '#run:0:0# Hello', sender_type: 'user', read_at: null, created_at: '2026-11-28' }
const push = (channel: string, data: object): string => JSON.stringify({ push: { channel, pub: { data } } })

let server: WebSocketServer
let socket: WebSocket | undefined
/** What came from the client, without its subscriptions */
let received: string[]
let refused: string | undefined
let events: [EventKind, string][]
let errors: string[]

beforeEach(async () => {
  received = []
  events = []
  errors = []
  refused = undefined
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 }).on('connection', (each) => {
    socket = each
    each.on('message', (frame: Buffer) => answer(each, frame.toString()))
  })
  await once(server, 'listening')
})
afterEach(() => {
  socket?.terminate()
  server.close()
})

function answer(to: WebSocket, frame: string): void {
  const { id, subscribe } = JSON.parse(frame) as { id?: number; subscribe?: { channel: string } }
  if (subscribe === undefined) received.push(frame)
  if (id === undefined) return
  const isRefused = subscribe !== undefined && subscribe.channel === refused
  to.send(JSON.stringify({ id, ...(isRefused ? { error: { code: 403, message: 'rejected' } } : {}) }))
}

function connect(who: Participant): Promise<ChatClient> {
  const { port } = server.address() as AddressInfo
  return connectCentrifugo(`ws://127.0.0.1:${port}/`, who, {
    onEvent: (kind, frame) => events.push([kind, frame]),
    onClosed: () => undefined,
    onError: (reason) => errors.push(reason),
  })
}

it('connects with the token, sends a message as a call, and takes no reply to one for a subscription', async () => {
  const client = await connect(STAFF)
  client.send('7', 'Hello')
  await expect.poll(() => received).toHaveLength(2)
  expect(received.map((frame) => JSON.parse(frame) as unknown)).toEqual([
    { id: 1, connect: { data: { token: 'admin-1' } } },
    { id: 4, rpc: { method: 'send_message', data: { chat_id: '7', content: 'Hello' } } },
  ])
  expect(errors).toEqual([])
})

it('tells every push of a frame, and answers pings', async () => {
  await connect(STAFF)
  const pushes = [
    push('chat:7', { type: 'new_message', message }),
    push('staff:notifications', { type: 'new_user_message', chat_id: '7', user_email: 'a@example.com', message }),
  ]
  socket?.send(pushes.join('\n'))
  socket?.send('{}')
  await expect.poll(() => received.at(-1)).toBe('{}')
  expect(events).toEqual([
    ['message', pushes[0]],
    ['notification', pushes[1]],
  ])
  const isWellFormed = sampleEvents('#run:')
  for (const [kind, frame] of events) expect(isWellFormed(kind, frame)).toBe(true)
  expect(isWellFormed('message', push('chat:7', { type: 'new_message' }))).toBe(false)
})

it('fails where a subscription is refused', async () => {
  refused = 'staff:notifications'
  await expect(connect(STAFF)).rejects.toThrow('rejected')
})

it('reports calls that failed', async () => {
  await connect(STAFF)
  socket?.send('{"id":4,"error":{"code":100,"message":"internal server error"}}')
  await expect.poll(() => errors).toHaveLength(1)
})
