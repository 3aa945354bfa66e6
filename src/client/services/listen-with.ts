import { Cable } from '../connection/cable.ts'
import type { ServiceClients } from './listener.ts'

/**
 * Says how the page loads the official client of the service that its server publishes to. Call it once, before the first chat
 * connects. Without it, chats poll where the server holds no connections.
 *
 * @example
 * listenWith({ pusher: () => import('pusher-js') })
 */
export function listenWith(clients: ServiceClients): void {
  Cable.listenBy = () => import('./listener.ts').then(({ createListener }) => createListener(clients))
}
