// What the routes of this room answer, as schemas. Their types are in src/protocol
import { z } from 'zod'
import { time } from '../../http/answer-fields.ts'

const event = z.literal('new-message')
const tls = z.boolean().exactOptional().describe('False: it is reached without TLS')

export const pusherListening = z.object({
  service: z.literal('pusher'),
  key: z.string().describe("The app's public key"),
  channel: z.string().describe('A private channel'),
  presence: z
    .string()
    .exactOptional()
    .describe('A presence channel, for who is in the chat, and for the client event `client-typing` with `{ typing }`'),
  event: event.describe('The event whose data is a `RealtimeHint`'),
  cluster: z.string().exactOptional().describe('Where the app is at Pusher'),
  host: z.string().exactOptional().describe("Of a server of one's own"),
  port: z.int().exactOptional(),
  tls,
})

export const ablyListening = z.object({
  service: z.literal('ably'),
  channel: z.string(),
  presence: z
    .literal(true)
    .exactOptional()
    .describe(
      'The channel has a presence set, for who is in the chat. A member that updates has the data `{ typing }`',
    ),
  event: event.describe('The message whose data is a `RealtimeHint`'),
  host: z.string().exactOptional().describe("Of another server than Ably's usual one"),
  port: z.int().exactOptional(),
  tls,
})

export const supabaseListening = z.object({
  service: z.literal('supabase'),
  url: z.string().describe('Of the project'),
  key: z.string().describe("The project's public key"),
  topic: z.string(),
  event: event.describe('The event whose payload is a `RealtimeHint`'),
})

export const firebaseListening = z.object({
  service: z.literal('firebase'),
  url: z.string().describe('Of the database'),
  key: z.string().describe("The project's public API key, with which the custom token is exchanged"),
  path: z.string(),
})

export const socketIoListening = z.object({
  service: z.literal('socket.io'),
  url: z.string().describe('Of the namespace'),
  path: z.string().exactOptional().describe('Where Socket.IO is on that server. Default: `/socket.io`'),
  room: z.string().describe('Clients enter it by `listen` with `{ room, token }`, which is answered with `{ ok }`'),
  event: event.describe('The event whose data is a `RealtimeHint`'),
})

const listening = z.discriminatedUnion('service', [
  pusherListening,
  ablyListening,
  supabaseListening,
  firebaseListening,
  socketIoListening,
])

export const realtime = listening.exactOptional().describe('What to listen to instead of connecting to this server')

export const staffRealtime = z.object({
  realtime: listening.nullable().describe('What to listen to for all chats; null: connect to this server'),
})

export const channelSignature = z.object({
  auth: z.string(),
  presence: z
    .object({ auth: z.string(), channel_data: z.string() })
    .exactOptional()
    .describe('The same for the presence channel of the chat'),
})

export const listenerToken = z.object({
  token: z.string(),
  expires_at: time.describe('ISO 8601. A client that listens longer asks for the next one'),
})

export const realtimeAuth = z.union([channelSignature, listenerToken])
