// Supabase Realtime, by its client 2. The parts of it that are used are declared here.
import type { ListenerToken, SupabaseListening } from '../../protocol/listening.ts'
import type { RealtimeHint, RealtimeTyping } from '../../protocol/publication.ts'
import type { Join, JoinOptions } from './join.ts'
import { renewIn } from './renewal.ts'
import { SharedClients } from './shared-clients.ts'

type ClientConstructor = new (url: string, options: { params: { apikey: string } }) => RealtimeClient

interface RealtimeClient {
  channel: (topic: string, options: { config: { private: true } }) => RealtimeChannel
  removeChannel: (channel: RealtimeChannel) => Promise<unknown>
  setAuth: (token: string) => Promise<void>
  disconnect: () => unknown
}

interface RealtimeChannel {
  on: (type: 'broadcast', filter: { event: string }, listener: (event: { payload: unknown }) => void) => RealtimeChannel
  subscribe: (listener: (status: string) => void) => RealtimeChannel
}

interface Connection {
  client: RealtimeClient
  /** Whether there is a permission. No channel may be joined earlier: the client would join without one */
  signedIn: Promise<void>
  end: () => void
}

const connections = new SharedClients<Connection>((connection) => connection.end())

export const joinSupabase =
  (load: () => Promise<{ RealtimeClient: unknown }>): Join<SupabaseListening> =>
  async ({ listening, signal, owner, authorize, joined, refused, hinted, typing }) => {
    const { RealtimeClient: Client } = (await load()) as { RealtimeClient: ClientConstructor }
    if (signal.aborted) return undefined
    const { url, key, topic, event } = listening
    const { client, signedIn } = connections.use(owner, [url, key].join(), signal, () =>
      connect(new Client(`${url.replace(/^http/, 'ws')}/realtime/v1`, { params: { apikey: key } }), authorize),
    )
    await signedIn
    if (signal.aborted) return undefined
    const channel = client
      .channel(topic, { config: { private: true } })
      .on('broadcast', { event }, ({ payload }) => hinted(Object(payload) as Partial<RealtimeHint>))
      .on('broadcast', { event: 'typing' }, ({ payload }) => typing(Object(payload) as RealtimeTyping))
      // The client would try again with the same permission
      .subscribe((status) => (status === 'SUBSCRIBED' ? joined() : refused()))
    signal.addEventListener('abort', () => void client.removeChannel(channel).catch(() => undefined))
    return undefined
  }

function connect(client: RealtimeClient, authorize: JoinOptions['authorize']): Connection {
  let next: ReturnType<typeof setTimeout> | undefined
  let isOver = false
  const signIn = async (): Promise<void> => {
    const { token, expires_at } = (await authorize()) as ListenerToken
    if (isOver) return
    await client.setAuth(token)
    if (isOver) return
    // If that fails, Supabase closes the channels, and entering them again asks again
    next = setTimeout(() => void signIn().catch(() => undefined), renewIn(expires_at))
  }
  return {
    client,
    signedIn: signIn(),
    end() {
      isOver = true
      clearTimeout(next)
      void client.disconnect()
    },
  }
}
