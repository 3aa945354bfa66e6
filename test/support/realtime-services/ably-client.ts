// Listens with Ably's client, as browsers do.
import { Realtime, type InboundMessage } from 'ably'
import type { AblyListening } from '../../../src/protocol/listening.ts'
import { Heard, type AskAuth } from './listening.ts'

/** @throws Error when the service lets it not in */
export async function listenByAbly(
  { channel: name, event, host = '', port = 80 }: AblyListening,
  ask: AskAuth,
): Promise<Heard> {
  let refusal: Error | undefined
  const ably = new Realtime({
    endpoint: host,
    port,
    tls: false,
    useBinaryProtocol: false,
    transports: ['web_socket'],
    // Its connectivity check asks the internet
    disableConnectivityCheck: true,
    logLevel: 0,
    authCallback(_params, done) {
      ask({})
        .then((auth) => done(null, 'token' in auth ? auth.token : null))
        .catch((error: Error) => {
          refusal = error
          done(error.message, null)
        })
    },
  })
  const heard = new Heard(() => ably.close())
  try {
    await connected(ably)
    const channel = ably.channels.get(name)
    await channel.subscribe(event, ({ data }: InboundMessage) => heard.hint(data))
    await channel.subscribe('typing', ({ data }: InboundMessage) => heard.typed(data))
  } catch (error) {
    heard.close()
    throw refusal ?? error
  }
  return heard
}

function connected(ably: Realtime): Promise<void> {
  return new Promise((resolve, reject) => {
    ably.connection.once('connected', () => resolve())
    ably.connection.on(['failed', 'disconnected', 'suspended'], ({ reason }) =>
      reject(reason ?? new Error('Not connected')),
    )
  })
}
