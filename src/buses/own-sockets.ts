// The sockets that a driver opens. Not every driver gives up a connection attempt when it is told to, and the driver for NATS never
// closes the socket of an attempt that timed out. So we remember the sockets and close them ourselves.
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

const opener = new AsyncLocalStorage<OwnSockets>()
const CHANNEL = 'net.client.socket'

export class OwnSockets {
  readonly #sockets = new Set<Socket>()
  #dropped = false

  /** Runs `connect`, and remembers the sockets that it opens until it settles */
  async during<T>(connect: () => Promise<T>): Promise<T> {
    const remember = (message: unknown): void => {
      if (opener.getStore() === this) this.#remember((message as { socket: Socket }).socket)
    }
    subscribe(CHANNEL, remember)
    try {
      return await opener.run(this, connect)
    } finally {
      unsubscribe(CHANNEL, remember)
    }
  }

  /** Closes them all, also those that are opened later */
  drop(): void {
    this.#dropped = true
    for (const socket of this.#sockets) close(socket)
  }

  #remember(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    // The channel announces a socket before it connects, and connecting would reopen a closed one
    if (this.#dropped) setImmediate(close, socket)
  }
}

function close(socket: Socket): void {
  socket.on('error', () => undefined)
  // The error rejects a pending connection attempt. Once connected, the driver may have removed all error listeners.
  socket.destroy(socket.connecting ? new Error('it was given up') : undefined)
}
