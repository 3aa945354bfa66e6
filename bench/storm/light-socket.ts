// What the client core takes for the browser's WebSocket: the driver's own, which costs little CPU. Like a balancer it leads each socket to one of the
// nodes that are up, in turn.
import { CABLE_EXT, TOKEN_PROTOCOL_PREFIX } from '../../src/protocol/cable.ts'
import { openWebSocket, type WebSocketConnection } from '../driver/websocket.ts'

/** Called with the token of whoever is subscribed and has got all that was missed */
export const caughtUp: { by: (token: string) => void } = { by: () => undefined }

/** As `host:port`, of those that are up */
export const nodesUp: string[] = []
let turn = 0

export class LightSocket {
  readonly protocol = CABLE_EXT
  readyState = 0
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: (() => void) | null = null
  #connection: WebSocketConnection | undefined

  constructor(url: string | URL, protocols: string[]) {
    const address = new URL(url)
    const token = protocols.find((name) => name.startsWith(TOKEN_PROTOCOL_PREFIX))?.slice(TOKEN_PROTOCOL_PREFIX.length)
    address.host = nodesUp[turn++ % nodesUp.length] ?? address.host
    openWebSocket(address.href, protocols.join(', '), {
      onText: (data, connection) => {
        this.#opened(connection)
        this.onmessage?.({ data })
        if (token !== undefined && data.includes('"confirm_history"')) caughtUp.by(token)
      },
      onClose: () => this.#closed(),
    }).then(
      (connection) => this.#opened(connection),
      () => this.#closed(),
    )
  }

  send(text: string): void {
    this.#connection?.send(text)
  }

  close(): void {
    this.readyState = 3
    this.#connection?.close()
  }

  /** The first frame may come before the promise of the connection */
  #opened(connection: WebSocketConnection): void {
    if (this.#connection) return
    this.#connection = connection
    if (this.readyState === 3) return connection.close()
    this.readyState = 1
    this.onopen?.()
  }

  #closed(): void {
    this.readyState = 3
    this.onclose?.()
  }
}
