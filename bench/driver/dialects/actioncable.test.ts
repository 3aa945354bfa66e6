// What kind of event a frame carries, whatever the order of its keys.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { connectActioncable } from './actioncable.ts'
import type { EventKind } from './dialect.ts'

let server: WebSocketServer
let socket: WebSocket | undefined

beforeEach(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'actioncable-v1-json' })
  server.on('connection', (each) => {
    socket = each
    each.on('message', (frame: Buffer) => {
      const { identifier } = JSON.parse(frame.toString()) as { identifier: string }
      each.send(JSON.stringify({ type: 'confirm_subscription', identifier }))
    })
    each.send('{"type":"welcome"}')
  })
  await once(server, 'listening')
})
afterEach(() => {
  socket?.terminate()
  server.close()
})

it('tells messages from notifications, and leaves other events out', async () => {
  const kinds: EventKind[] = []
  const { port } = server.address() as AddressInfo
  await connectActioncable(
    `ws://127.0.0.1:${port}/`,
    { token: '', isStaff: true, chats: ['7'] },
    {
      onEvent: (kind) => kinds.push(kind),
      onClosed: () => undefined,
      onError: () => undefined,
    },
  )
  const events = [
    '{"type":"new_message","message":{"id":"m"}}',
    '{"type":"presence","message":{"id":"m"}}',
    '{"type":"new_user_message","chat_id":"7","user_email":"a@example.com","message":{"id":"m"}}',
    // As AnyCable sorts them
    '{"message":{"id":"m"},"type":"new_message"}',
    '{"chat_id":"7","message":{"id":"m"},"type":"new_user_message","user_email":"a@example.com"}',
  ]
  for (const event of events) socket?.send(`{"identifier":"{}","message":${event}}`)
  await expect.poll(() => kinds).toHaveLength(4)
  expect(kinds).toEqual(['message', 'notification', 'message', 'notification'])
})
