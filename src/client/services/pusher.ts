// Pusher Channels, and servers with its protocol, by pusher-js 8. The parts of it that are used are declared here.
import type { ChannelSignature, PusherListening } from '../../protocol/listening.ts'
import type { RealtimeHint, RealtimeTyping } from '../../protocol/publication.ts'
import type { Join, JoinOptions, TellTyping } from './join.ts'
import { isSeen, presenceOf, sideOfMember, type Presence } from './members.ts'
import { SharedClients } from './shared-clients.ts'

type PusherConstructor = new (key: string, options: PusherOptions) => PusherClient

interface PusherOptions {
  cluster: string
  wsHost?: string
  wsPort?: number
  wssPort?: number
  httpHost?: string
  httpPort?: number
  httpsPort?: number
  forceTLS: boolean
  activityTimeout: number
  pongTimeout: number
  disabledTransports: 'sockjs'[]
  channelAuthorization: {
    customHandler: (
      request: { socketId: string; channelName: string },
      answer: (error: Error | null, data: Permission | null) => void,
    ) => void
  }
}

interface Emitter {
  bind: (event: string, listener: (data: never, about: { user_id?: string }) => void) => unknown
  unbind: (event: string, listener: (data: never) => void) => unknown
}

interface PresenceChannel extends Emitter {
  members: { each: (listener: (member: { id: string }) => void) => void; myID: string | null }
  trigger: (event: string, data: object) => boolean
}

interface PusherClient {
  connection: Emitter
  subscribe: (channel: string) => PresenceChannel
  unsubscribe: (channel: string) => void
  disconnect: () => void
}

/** How long (ms) a silence may last before a ping, and how long the answer may take. Pusher's defaults are minutes */
const SILENCE = 15_000
const PONG = 5_000
/** A client event: https://pusher.com/docs/channels/using_channels/events/#triggering-client-events */
const TYPING = 'client-typing'

interface Connection {
  client: PusherClient
  /** By channel */
  authorizers: Map<string, (socketId: string) => Promise<Permission>>
}

type Permission = NonNullable<ChannelSignature['presence']> | Omit<ChannelSignature, 'presence'>

const connections = new SharedClients<Connection>(({ client }) => client.disconnect())

export const joinPusher =
  (load: () => Promise<{ default: unknown }>): Join<PusherListening> =>
  async ({ listening, signal, owner, authorize, joined, lost, refused, hinted, typing, present }) => {
    const loaded = (await load()).default as PusherConstructor | { default: PusherConstructor }
    // It is CommonJS, which some tools wrap in one more `default`
    const Pusher = 'default' in loaded ? loaded.default : loaded
    if (signal.aborted) return undefined
    const { key, channel: name, presence, event, cluster, host, port } = listening
    const address = [key, cluster, host, port].join()
    const { client, authorizers } = connections.use(owner, address, signal, () => connect(Pusher, listening))
    const permission = onceFor(authorize)
    authorizers.set(name, permission)
    const changed = ({ current }: { current: string }): void => {
      // Pusher has told the client to give up, or the browser has nothing to connect with
      if (current === 'disconnected' || current === 'failed') refused()
      else if (current !== 'connected') lost()
    }
    client.connection.bind('state_change', changed)
    const channel = client.subscribe(name)
    channel.bind('pusher:subscription_succeeded', joined)
    channel.bind('pusher:subscription_error', refused)
    channel.bind(event, (hint: RealtimeHint | null) => hinted(hint ?? {}))
    channel.bind('typing', (data: RealtimeTyping | null) => data && typing(data))
    if (presence !== undefined) authorizers.set(presence, async (socketId) => inPresence(await permission(socketId)))
    const tellTyping = presence === undefined ? undefined : enter(client, presence, { signal, typing, present })
    signal.addEventListener('abort', () => {
      client.connection.unbind('state_change', changed)
      client.unsubscribe(name)
      authorizers.delete(name)
      if (presence !== undefined) authorizers.delete(presence)
    })
    return tellTyping
  }

/** One answer is good for both channels of a chat, on one connection */
function onceFor(authorize: JoinOptions['authorize']): (socketId: string) => Promise<ChannelSignature> {
  let asked: { for: string; answer: Promise<ChannelSignature> } | undefined
  return (socketId) => {
    if (asked?.for !== socketId)
      asked = { for: socketId, answer: authorize({ socket_id: socketId }) as Promise<ChannelSignature> }
    return asked.answer
  }
}

function inPresence({ presence }: ChannelSignature): Permission {
  if (!presence) throw new Error('The server signed for one channel alone')
  return presence
}

/** Hears who is in the chat and who types. Members tell each other, and the service says who it was */
function enter(
  client: PusherClient,
  name: string,
  { signal, present, typing }: Pick<JoinOptions, 'signal' | 'present' | 'typing'>,
): TellTyping {
  const channel = client.subscribe(name)
  const { members } = channel
  /** The app takes client events, as far as is known. Its settings say so, and so does their limit */
  let takesEvents = true
  const refused = ({ type }: { type?: string }): void => {
    if (type === 'PusherError') takesEvents = false
  }
  const here = (): Presence => {
    const names: string[] = []
    members.each(({ id }) => names.push(id))
    return presenceOf(names)
  }
  client.connection.bind('error', refused)
  for (const event of ['subscription_succeeded', 'member_added', 'member_removed'])
    channel.bind(`pusher:${event}`, () => present(here()))
  channel.bind(TYPING, (data: { typing?: unknown } | null, { user_id = '' }) =>
    typing({ sender_type: sideOfMember(user_id), typing: data?.typing === true }),
  )
  signal.addEventListener('abort', () => {
    client.connection.unbind('error', refused)
    client.unsubscribe(name)
  })
  return (isTyping) =>
    takesEvents &&
    members.myID !== null &&
    isSeen(members.myID, here()) &&
    channel.trigger(TYPING, { typing: isTyping })
}

function connect(
  Pusher: PusherConstructor,
  { key, cluster = 'mt1', host, port, tls = true }: PusherListening,
): Connection {
  const authorizers: Connection['authorizers'] = new Map()
  const client = new Pusher(key, {
    cluster,
    ...(host !== undefined && { wsHost: host, httpHost: host }),
    ...(port !== undefined && { wsPort: port, wssPort: port, httpPort: port, httpsPort: port }),
    forceTLS: tls,
    activityTimeout: SILENCE,
    pongTimeout: PONG,
    // It would load a script from Pusher's servers
    disabledTransports: ['sockjs'],
    channelAuthorization: {
      customHandler({ socketId, channelName }, answer) {
        const authorize = authorizers.get(channelName)
        // Left meanwhile
        if (!authorize) return answer(new Error(`Nothing listens to ${channelName}`), null)
        authorize(socketId).then(
          (permission) => answer(null, permission),
          (error: Error) => answer(error, null),
        )
      },
    },
  })
  return { client, authorizers }
}
