import { MAX_HINT, type Bus } from '../server/ports/bus.ts'
import { checkedChannel } from './address.ts'
import { Outgoing } from './outgoing.ts'

/**
 * Carries hints between the nodes of one process, and goes away when it is told to. For tests.
 *
 * @example
 * const exchange = new MemoryExchange()
 * createDeskbell({ …, bus: exchange.bus() })
 */
export class MemoryExchange {
  readonly #listeners = new Set<Listener>()
  #away = false

  bus(channel?: string): Bus {
    return new MemoryBus(checkedChannel(channel), this.#listeners, (hints, to) => {
      if (this.#away) return
      for (const hint of hints)
        for (const listener of this.#listeners) if (listener.channel === to) listener.receive(hint)
    })
  }

  /** Hints are lost while it is away */
  away(on: boolean): void {
    const returns = this.#away && !on
    this.#away = on
    if (returns) for (const listener of this.#listeners) listener.resumed()
  }
}

interface Listener {
  channel: string
  receive: (hint: string) => void
  resumed: () => void
}

class MemoryBus implements Bus {
  readonly #channel: string
  readonly #listeners: Set<Listener>
  readonly #outgoing: Outgoing
  #listener: Listener | undefined
  #closed = false

  constructor(channel: string, listeners: Set<Listener>, carry: (hints: readonly string[], channel: string) => void) {
    this.#channel = channel
    this.#listeners = listeners
    this.#outgoing = new Outgoing(
      async (hints) => carry(hints, channel),
      (error) => {
        throw error
      },
    )
  }

  publish(hint: string): void {
    if (this.#listener && Buffer.byteLength(hint) <= MAX_HINT && !hint.includes('\0'))
      this.#outgoing.add(hint.toWellFormed())
  }

  async listen(receive: (hint: string) => void, resumed: () => void): Promise<void> {
    if (this.#closed) throw new Error('The bus was closed')
    if (this.#listener) throw new Error('A bus listens once')
    this.#listener = { channel: this.#channel, receive, resumed }
    this.#listeners.add(this.#listener)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#outgoing.idle()
    this.#outgoing.stop()
    if (this.#listener) this.#listeners.delete(this.#listener)
  }
}
