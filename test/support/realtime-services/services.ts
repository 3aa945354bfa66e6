// Every service that there is a publisher for, for tests that all of them have to pass.
import {
  ablyPublisher,
  firebasePublisher,
  pusherPublisher,
  socketIoPublisher,
  supabasePublisher,
  type Publisher,
  type ServiceAccount,
} from '../../../src/entries/node.ts'
import type { Listening } from '../../../src/protocol/listening.ts'
import { listenByFirebase } from './firebase-client.ts'
import { accountAt, FIREBASE_KEY, forgedAccountAt, startFirebase } from './firebase.ts'
import type { AskAuth, Heard } from './listening.ts'
import { listenByPusher } from './pusher-client.ts'
import { listenByAbly } from './ably-client.ts'
import { ABLY_KEY, startAbly } from './ably.ts'
import { PUSHER_APP, startPusher } from './pusher.ts'
import { emitterAt, LISTENERS_SECRET, startSocketIo } from './socket-io.ts'
import { listenBySupabase } from './supabase-client.ts'
import { startSupabase, SUPABASE_PROJECT } from './supabase.ts'
import type { TestService } from './service.ts'

export interface ServiceChoice {
  name: string
  start: () => Promise<TestService>
  /** It carries who is typing */
  typing: boolean
  /** It tells who is in a chat, and takes from browsers who is typing */
  presence: boolean
  publisher: (service: TestService) => Publisher
  /** `PUBLISH_URL` */
  url: (service: TestService) => string
  /** Another app's publisher, whose credentials the service does not know */
  stranger: (service: TestService) => Publisher
  /** The same with wrong credentials */
  strangerUrl: (service: TestService) => string
  /** Listens by the service's own client. @throws Error when the service or `ask` refuses */
  listen: (listening: Listening, ask: AskAuth) => Promise<Heard>
}

/** Whatever our clients listen to */
export type ListenedService = Pick<ServiceChoice, 'name' | 'start' | 'typing' | 'presence' | 'publisher'>

/** Keys are in URLs as they are, but for that of Firebase */
const withOtherSecret = (url: string): string => url.replace('only-the-app', 'nobody')
const pusherUrl = ({ host, port }: TestService): string =>
  `pusher://${PUSHER_APP.key}:${PUSHER_APP.secret}@${host}:${port}/${PUSHER_APP.appId}?tls=off`
const ablyUrl = ({ host, port }: TestService): string => `ably://${ABLY_KEY}@${host}:${port}?tls=off`
const supabaseUrl = ({ host, port }: TestService): string => {
  const { key, secretKey, jwtSecret } = SUPABASE_PROJECT
  return `supabase://${secretKey}:${jwtSecret}@${host}:${port}?key=${key}&tls=off`
}
const firebaseUrl = ({ host, port }: TestService, account: ServiceAccount): string =>
  `firebase://${encodeURIComponent(btoa(JSON.stringify(account)))}@${host}:${port}?key=${FIREBASE_KEY}&tls=off`

export const SERVICES: readonly ServiceChoice[] = [
  {
    name: 'Pusher Channels',
    start: startPusher,
    typing: true,
    presence: true,
    publisher: ({ host, port }) => pusherPublisher({ ...PUSHER_APP, host, port, useTLS: false }),
    url: pusherUrl,
    strangerUrl: (service) => withOtherSecret(pusherUrl(service)),
    stranger: ({ host, port }) =>
      pusherPublisher({ ...PUSHER_APP, secret: 'that of another app', host, port, useTLS: false }),
    listen: (listening, ask) =>
      listening.service === 'pusher' ? listenByPusher(listening, ask) : Promise.reject(new Error('Not Pusher')),
  },
  {
    name: 'Ably',
    start: startAbly,
    typing: true,
    presence: true,
    publisher: ({ host, port }) => ablyPublisher({ key: ABLY_KEY, host, port, useTLS: false }),
    url: ablyUrl,
    strangerUrl: (service) => withOtherSecret(ablyUrl(service)),
    stranger: ({ host, port }) => ablyPublisher({ key: `${ABLY_KEY}-of-another-app`, host, port, useTLS: false }),
    listen: (listening, ask) =>
      listening.service === 'ably' ? listenByAbly(listening, ask) : Promise.reject(new Error('Not Ably')),
  },
  {
    name: 'Supabase Realtime',
    start: startSupabase,
    typing: true,
    presence: false,
    publisher: ({ origin }) => supabasePublisher({ url: origin, ...SUPABASE_PROJECT }),
    url: supabaseUrl,
    strangerUrl: (service) => withOtherSecret(supabaseUrl(service)),
    stranger: ({ origin }) =>
      supabasePublisher({ url: origin, ...SUPABASE_PROJECT, secretKey: 'sb_secret_of-another-project' }),
    listen: (listening, ask) =>
      listening.service === 'supabase' ? listenBySupabase(listening, ask) : Promise.reject(new Error('Not Supabase')),
  },
  {
    name: 'Firebase Realtime Database',
    start: startFirebase,
    typing: false,
    presence: false,
    publisher: (service) =>
      firebasePublisher({ key: FIREBASE_KEY, url: service.origin, serviceAccount: accountAt(service) }),
    url: (service) => firebaseUrl(service, accountAt(service)),
    stranger: (service) =>
      firebasePublisher({ key: FIREBASE_KEY, url: service.origin, serviceAccount: forgedAccountAt(service) }),
    strangerUrl: (service) => firebaseUrl(service, forgedAccountAt(service)),
    listen: (listening, ask) =>
      listening.service === 'firebase' ? listenByFirebase(listening, ask) : Promise.reject(new Error('Not Firebase')),
  },
]

export const LISTENED: readonly ListenedService[] = [
  ...SERVICES,
  {
    name: 'a Socket.IO server elsewhere',
    start: startSocketIo,
    typing: true,
    presence: false,
    publisher: (service) =>
      socketIoPublisher(emitterAt(service), { url: `${service.origin}/desk`, secret: LISTENERS_SECRET }),
  },
]
