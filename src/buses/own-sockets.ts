// Which sockets a driver opens. Not every driver gives up a connection attempt when it is told to, and the one for NATS leaves the
// socket of an attempt that timed out open for ever; so we note them, and close them ourselves.
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

const opener = new AsyncLocalStorage<OwnSockets>()
const CHANNEL = 'net.client.socket'

export class OwnSockets {
  readonly #sockets = new Set<Socket>()
  #dropped = false

  /** Runs `connect`; the sockets that it opens until it settles are ours */
  async during<T>(connect: () => Promise<T>): Promise<T> {
    const note = (message: unknown): void => {
      if (opener.getStore() === this) this.#note((message as { socket: Socket }).socket)
    }
    subscribe(CHANNEL, note)
    try {
      return await opener.run(this, connect)
    } finally {
      unsubscribe(CHANNEL, note)
    }
  }

  /** Those that are opened later are closed too */
  drop(): void {
    this.#dropped = true
    for (const socket of this.#sockets) close(socket)
  }

  #note(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    // It is told before it begins to connect, which would bring a closed one back to life
    if (this.#dropped) setImmediate(close, socket)
  }
}

function close(socket: Socket): void {
  socket.on('error', () => undefined)
  // An error wakes who waits for the connection. Later nobody may be left to hear it: drivers take all listeners away.
  socket.destroy(socket.connecting ? new Error('it was let go') : undefined)
}
