// Listens with pusher-js, as browsers do.
import pusherJs from 'pusher-js'
import type { PusherListening, RealtimeAuth } from '../../../src/protocol/listening.ts'
import { Heard, type AskAuth } from './listening.ts'

// To Node the CommonJS module is its default export; its types put one more around it
const PusherClient = pusherJs as unknown as typeof pusherJs.default

/** @throws Error when the service lets it not in */
export async function listenByPusher(listening: PusherListening, ask: AskAuth): Promise<Heard> {
  const { key, channel: name, event, host = '', port = 80 } = listening
  const pusher = new PusherClient(key, {
    cluster: 'none',
    wsHost: host,
    wsPort: port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      endpoint: '',
      transport: 'ajax',
      customHandler({ socketId }, done) {
        ask({ socket_id: socketId })
          .then((auth: RealtimeAuth) => done(null, auth as { auth: string }))
          .catch((error: unknown) => done(error as Error, null))
      },
    },
  })
  const heard = new Heard(() => pusher.disconnect())
  const channel = pusher.subscribe(name)
  channel.bind(event, (data: unknown) => heard.hint(data))
  channel.bind('typing', (data: unknown) => heard.typed(data))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  channel.bind('pusher:subscription_succeeded', resolve)
  channel.bind('pusher:subscription_error', ({ error, status }: { error?: string; status?: number }) => {
    reject(new Error(`Pusher refused: ${status} ${error}`))
  })
  try {
    await promise
  } catch (error) {
    heard.close()
    throw error
  }
  return heard
}
