// Listens to the service that the server names, by that service's official client.
import type { StreamModule } from '../connection/stream.ts'
import type { Join } from './join.ts'
import { joinAbly } from './ably.ts'
import { joinFirebase, type FirebaseModules } from './firebase.ts'
import { joinPusher } from './pusher.ts'
import { ServiceStream } from './service-stream.ts'
import { joinSocketIo } from './socket-io.ts'
import { joinSupabase } from './supabase.ts'

/** How to load the services' official clients. Only the client of the service that the server names is loaded */
export interface ServiceClients {
  /** pusher-js 8: `() => import('pusher-js')` */
  pusher?: (() => Promise<{ default: unknown }>) | undefined
  /** Ably's client 2: `() => import('ably')` */
  ably?: (() => Promise<{ Realtime: unknown }>) | undefined
  /** Supabase's client 2: `() => import('@supabase/realtime-js')`, or `@supabase/supabase-js` */
  supabase?: (() => Promise<{ RealtimeClient: unknown }>) | undefined
  /** Firebase's client 13: `() => Promise.all([import('firebase/app'), import('firebase/auth'), import('firebase/database')])` */
  firebase?: (() => Promise<FirebaseModules>) | undefined
  /** Socket.IO's client 4: `() => import('socket.io-client')` */
  socketIo?: (() => Promise<{ io: unknown }>) | undefined
}

export function createListener(clients: ServiceClients): StreamModule {
  const join: Join = async ({ listening, ...options }) => {
    const { service } = listening
    if (service === 'pusher' && clients.pusher) return joinPusher(clients.pusher)({ listening, ...options })
    if (service === 'ably' && clients.ably) return joinAbly(clients.ably)({ listening, ...options })
    if (service === 'supabase' && clients.supabase) return joinSupabase(clients.supabase)({ listening, ...options })
    if (service === 'firebase' && clients.firebase) return joinFirebase(clients.firebase)({ listening, ...options })
    if (service === 'socket.io' && clients.socketIo) return joinSocketIo(clients.socketIo)({ listening, ...options })
    throw new Error(`Deskbell: nothing here listens to ${service}, which the server names`)
  }
  return {
    openStream(options) {
      const { service } = options.handlers
      if (!service) throw new Error('The server names no service')
      return new ServiceStream(options, service, join)
    },
  }
}
