// What a browser listens to instead of connecting to this server, and what lets it in.

/**
 * Where a service tells a browser of what is new in one chat, or in all chats. The service's own client connects to it, with what
 * `POST realtime/auth` says. Each event is a `RealtimeHint`
 */
export type Listening = PusherListening | AblyListening | SupabaseListening | FirebaseListening | SocketIoListening

/** Pusher Channels, and servers with its protocol. Events of the channel: `new-message`, `typing` */
export interface PusherListening {
  service: 'pusher'
  /** The app's public key */
  key: string
  /** A private channel */
  channel: string
  /** A presence channel, for who is in the chat, and for the client event `client-typing` with `{ typing }` */
  presence?: string
  /** The event whose data is a `RealtimeHint` */
  event: 'new-message'
  /** Where the app is at Pusher */
  cluster?: string
  /** Of a server of one's own */
  host?: string
  port?: number
  /** False: it is reached without TLS */
  tls?: boolean
}

/** Ably. Names of the channel's messages: `new-message`, `typing` */
export interface AblyListening {
  service: 'ably'
  channel: string
  /** The channel has a presence set, for who is in the chat. A member that updates has the data `{ typing }` */
  presence?: true
  /** The message whose data is a `RealtimeHint` */
  event: 'new-message'
  /** Of another server than Ably's usual one */
  host?: string
  port?: number
  /** False: it is reached without TLS */
  tls?: boolean
}

/** Supabase Realtime: a private channel, whose broadcasts are the events `new-message` and `typing` */
export interface SupabaseListening {
  service: 'supabase'
  /** Of the project */
  url: string
  /** The project's public key */
  key: string
  topic: string
  /** The event whose payload is a `RealtimeHint` */
  event: 'new-message'
}

/** Firebase Realtime Database: the value at the path is the newest `RealtimeHint`, of a chat, or for staff of all chats */
export interface FirebaseListening {
  service: 'firebase'
  /** Of the database */
  url: string
  /** The project's public API key, with which the custom token is exchanged */
  key: string
  path: string
}

/** A Socket.IO server. Events of the room: `new-message`, `typing` */
export interface SocketIoListening {
  service: 'socket.io'
  /** Of the namespace */
  url: string
  /** Where Socket.IO is on that server. Default: `/socket.io` */
  path?: string
  /** Clients enter it by `listen` with `{ room, token }`, which is answered with `{ ok }` */
  room: string
  /** The event whose data is a `RealtimeHint` */
  event: 'new-message'
}

/** `GET admin/realtime` */
export interface StaffRealtime {
  /** What to listen to for all chats; null: connect to this server */
  realtime: Listening | null
}

/** `POST realtime/auth` */
export type RealtimeAuth = ChannelSignature | ListenerToken

/** Lets one connection into one private channel of Pusher's protocol */
export interface ChannelSignature {
  auth: string
  /** The same for the presence channel of the chat */
  presence?: { auth: string; channel_data: string }
}

/** With which the service's client signs in */
export interface ListenerToken {
  token: string
  /** ISO 8601. A client that listens longer asks for the next one */
  expires_at: string
}
