// What widget and dashboard listen to services with. A chunk of its own, and one more for each official client.
import { createListener, type ServiceClients } from '../client/services/listener.ts'

/** What a page that has an official client says, so that the widget does not load it again */
declare const deskbellServices: ServiceClients | undefined

export const { openStream } = createListener({
  pusher: () => import('./official-clients/pusher.ts'),
  ably: () => import('./official-clients/ably.ts'),
  supabase: () => import('./official-clients/supabase.ts'),
  firebase: async () => (await import('./official-clients/firebase.ts')).modules,
  socketIo: () => import('./official-clients/socket-io.ts'),
  ...(typeof deskbellServices === 'object' && deskbellServices),
})
