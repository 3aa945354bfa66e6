// A bare prototype on `ws`: ActionCable frames, fan-out of the specification's two events, and nothing else: no authentication, no checks,
// no numbering, no counters, no e-mail. With a store it says what group commit alone would allow, without one what the wire would.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { numberOfChat, userEmailOf } from '../chat-ids.ts'
import { newMessage, type Posted } from '../message.ts'

/** Keeps what was posted, and publishes it once it is kept */
export type Keep = (posted: Posted, publish: (posted: Posted) => void) => void

export interface Prototype {
  port: number
  close: () => void
}

interface Subscription {
  socket: WebSocket
  /** As JSON */
  identifier: string
}

interface Command {
  command: 'subscribe' | 'message'
  identifier: string
  data?: string
}

/** ActionCable's; all connections at once, as Rails does */
const PING_EVERY = 3_000

export async function servePrototype(port: number, keep: Keep): Promise<Prototype> {
  const sockets = new Set<WebSocket>()
  const chats = new Map<string, Set<Subscription>>()
  const staff = new Set<Subscription>()

  function publish({ chatId, message }: Posted): void {
    const json = JSON.stringify(message)
    tell(chats.get(chatId) ?? new Set(), `{"type":"new_message","message":${json}}`)
    const email = userEmailOf(numberOfChat(chatId))
    tell(staff, `{"type":"new_user_message","chat_id":"${chatId}","user_email":"${email}","message":${json}}`)
  }
  function tell(subscriptions: Set<Subscription>, event: string): void {
    for (const { socket, identifier } of subscriptions) {
      socket.send(`{"identifier":${identifier},"message":${event}}`)
    }
  }
  function subscribersOf(chatId: string): Set<Subscription> {
    const found = chats.get(chatId) ?? new Set()
    chats.set(chatId, found)
    return found
  }
  function receive(socket: WebSocket, frame: string): void {
    const { command, identifier, data = '' } = JSON.parse(frame) as Command
    const { channel, chat_id = '' } = JSON.parse(identifier) as { channel: string; chat_id?: string }
    if (command === 'message') {
      const { content } = JSON.parse(data) as { content: string }
      return keep({ chatId: chat_id, message: newMessage(content, 'user') }, publish)
    }
    const subscriptions = channel === 'ChatChannel' ? subscribersOf(chat_id) : staff
    const subscription = { socket, identifier: JSON.stringify(identifier) }
    subscriptions.add(subscription)
    socket.on('close', () => subscriptions.delete(subscription))
    socket.send(`{"identifier":${subscription.identifier},"type":"confirm_subscription"}`)
  }

  const upgrader = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: () => 'actioncable-v1-json',
  })
  const server = createServer()
  server.on('upgrade', (request, stream, head) => {
    upgrader.handleUpgrade(request, stream, head, (socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
      // ws hands a text over as one Buffer
      socket.on('message', (frame: Buffer) => receive(socket, frame.toString()))
      socket.send('{"type":"welcome"}')
    })
  })
  const pinging = setInterval(() => {
    const ping = `{"type":"ping","message":${Math.floor(Date.now() / 1000)}}`
    for (const socket of sockets) socket.send(ping)
  }, PING_EVERY)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      clearInterval(pinging)
      for (const socket of sockets) socket.terminate()
      server.close()
    },
  }
}
