import { BaseRealtime, FetchRequest, RealtimePresence, WebSocketTransport } from 'ably/modular'

/** With what listening needs, and nothing else of the client */
export class Realtime extends BaseRealtime {
  constructor(options: ConstructorParameters<typeof BaseRealtime>[0]) {
    super({ ...options, plugins: { FetchRequest, RealtimePresence, WebSocketTransport } })
  }
}
