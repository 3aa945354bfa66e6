// A bus as somebody else would write it, between the nodes of one process. Its server can go away, like those of others.
import { MAX_HINT, type Bus } from 'deskbell/core'

interface Listener {
  channel: string
  receive: (hint: string) => void
  resumed: () => void
}

/** Characters that a bus keeps until they are delivered */
const MAX_WAITING = 4_000_000

export class MemoryServer {
  readonly #listeners = new Set<Listener>()
  #away = false

  goAway(): void {
    this.#away = true
  }

  comeBack(): void {
    this.#away = false
    for (const { resumed } of this.#listeners) resumed()
  }

  bus(channel = 'deskbell'): Bus {
    let listener: Listener | undefined
    let closed = false
    let waiting = 0
    return {
      publish: (hint) => {
        if (!listener || this.#away || hint.includes('\0') || new TextEncoder().encode(hint).length > MAX_HINT) return
        // Hints may be lost, memory may not
        if (waiting + hint.length > MAX_WAITING) return
        waiting += hint.length
        const text = hint.toWellFormed()
        // Never within `publish`: who publishes must not be held up by those who listen
        queueMicrotask(() => {
          waiting -= hint.length
          for (const other of this.#listeners) if (other.channel === channel) other.receive(text)
        })
      },
      listen: async (receive, resumed) => {
        if (closed) throw new Error('The bus was closed')
        if (listener) throw new Error('A bus listens once')
        listener = { channel, receive, resumed }
        this.#listeners.add(listener)
      },
      close: async () => {
        closed = true
        if (!listener) return
        // What was published before is delivered first
        await Promise.resolve()
        this.#listeners.delete(listener)
        listener = undefined
      },
    }
  }
}
