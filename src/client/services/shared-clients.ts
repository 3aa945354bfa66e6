/** One official client for all channels of an owner, because services count connections and bill them. */
export class SharedClients<Client> {
  readonly #end: (client: Client) => void
  readonly #held = new WeakMap<object, Map<string, { client: Client; users: number }>>()

  /** @param end closes a client's connection once its last user has gone */
  constructor(end: (client: Client) => void) {
    this.#end = end
  }

  /**
   * @param key names the service's address: another one needs another client
   * @param signal the user goes when it is aborted
   */
  use(owner: object, key: string, signal: AbortSignal, make: () => Client): Client {
    const clients = this.#held.get(owner) ?? new Map<string, { client: Client; users: number }>()
    this.#held.set(owner, clients)
    const entry = clients.get(key) ?? { client: make(), users: 0 }
    clients.set(key, entry)
    entry.users++
    signal.addEventListener('abort', () => {
      if (--entry.users > 0) return
      clients.delete(key)
      this.#end(entry.client)
    })
    return entry.client
  }
}
