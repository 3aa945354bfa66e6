// Ably, by its client 2. The parts of it that are used are declared here.
import type { AblyListening, ListenerToken } from '../../protocol/listening.ts'
import type { RealtimeHint, RealtimeTyping } from '../../protocol/publication.ts'
import type { Join, JoinOptions, TellTyping } from './join.ts'
import { isSeen, presenceOf, sideOfMember, type Presence } from './members.ts'
import { SharedClients } from './shared-clients.ts'

type RealtimeConstructor = new (options: AblyOptions) => AblyClient

interface AblyOptions {
  endpoint?: string
  port?: number
  tlsPort?: number
  tls: boolean
  useBinaryProtocol: false
  transports: 'web_socket'[]
  disableConnectivityCheck: true
  logLevel: 0
  authCallback: (params: unknown, answer: (error: string | null, token: string | null) => void) => void
}

interface States {
  state: string
  on: (listener: (change: { current: string }) => void) => void
  off: (listener: (change: { current: string }) => void) => void
}

interface Member {
  action: string
  clientId: string
  data: unknown
}

interface AblyPresence {
  subscribe: (listener: (member: Member) => void) => Promise<unknown>
  unsubscribe: () => void
  /** Resolves once the set is complete */
  get: () => Promise<Member[]>
  enter: () => Promise<void>
  update: (data: object) => Promise<void>
}

interface AblyChannel extends States {
  presence: AblyPresence
  subscribe: (name: string, listener: (message: { data: unknown }) => void) => Promise<unknown>
  unsubscribe: () => void
  detach: () => Promise<void>
}

interface AblyClient {
  connection: States
  auth: { clientId: string }
  channels: { get: (name: string) => AblyChannel }
  close: () => void
}

// Not at once: for what it is about to send, it would attach a channel anew, and report that it cannot to the whole page
const clients = new SharedClients<AblyClient>((client) => void setTimeout(() => client.close()))

export const joinAbly =
  (load: () => Promise<{ Realtime: unknown }>): Join<AblyListening> =>
  async ({ listening, signal, owner, authorize, joined, lost, refused, hinted, typing, present }) => {
    const { Realtime } = (await load()) as { Realtime: RealtimeConstructor }
    if (signal.aborted) return undefined
    const { channel: name, event, presence, host, port } = listening
    const client = clients.use(owner, [host, port].join(), signal, () => connect(Realtime, listening, authorize))
    const { connection } = client
    const channel = client.channels.get(name)
    const look = (): void => {
      if (connection.state === 'failed' || channel.state === 'failed') refused()
      else if (connection.state === 'connected' && channel.state === 'attached') joined()
      else lost()
    }
    connection.on(look)
    channel.on(look)
    signal.addEventListener('abort', () => {
      connection.off(look)
      channel.off(look)
      channel.unsubscribe()
      channel.presence.unsubscribe()
      channel.detach().catch(() => undefined)
    })
    await Promise.all([
      channel.subscribe(event, ({ data }) => hinted(Object(data) as Partial<RealtimeHint>)),
      channel.subscribe('typing', ({ data }) => typing(Object(data) as RealtimeTyping)),
    ])
    return presence ? enter(client, channel, { signal, typing, present }) : undefined
  }

/** Hears who is in the chat and who types, of which members tell in their data. They have the names that their tokens give them */
async function enter(
  { auth }: AblyClient,
  channel: AblyChannel,
  { signal, present, typing }: Pick<JoinOptions, 'signal' | 'present' | 'typing'>,
): Promise<TellTyping | undefined> {
  const { presence } = channel
  /** Elsewhere the official client would attach a channel that was left */
  const isIn = (): boolean => !signal.aborted && channel.state === 'attached'
  let here: Presence = { user_online: false, admins_online: 0 }
  const tell = async (): Promise<void> => {
    if (!isIn()) return
    present((here = presenceOf((await presence.get()).map(({ clientId }) => clientId))))
  }
  try {
    await presence.subscribe(({ action, clientId, data }) => {
      const isLeaving = action === 'leave'
      if (isLeaving || action === 'update')
        typing({ sender_type: sideOfMember(clientId), typing: !isLeaving && Object(data).typing === true })
      if (action !== 'update') void tell().catch(() => undefined)
    })
    if (isIn()) await presence.enter()
    await tell()
  } catch {
    // The key may be one that allows no presence
    return undefined
  }
  return (isTyping) => {
    if (!isIn() || !isSeen(auth.clientId, here)) return false
    presence.update({ typing: isTyping }).catch(() => undefined)
    return true
  }
}

function connect(
  Realtime: RealtimeConstructor,
  { host, port, tls = true }: AblyListening,
  authorize: JoinOptions['authorize'],
): AblyClient {
  return new Realtime({
    ...(host !== undefined && { endpoint: host }),
    ...(port !== undefined && { port, tlsPort: port }),
    tls,
    useBinaryProtocol: false,
    transports: ['web_socket'],
    // The check would call yet another server of Ably's
    disableConnectivityCheck: true,
    // It would tell the page's console of each outage
    logLevel: 0,
    authCallback(_params, answer) {
      authorize().then(
        (permission) => answer(null, (permission as ListenerToken).token),
        (error: Error) => answer(error.message, null),
      )
    },
  })
}
