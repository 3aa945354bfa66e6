// Cancels the statement of a connection (https://www.postgresql.org/docs/current/protocol-flow.html, "Canceling Requests in
// Progress"). While PostgreSQL waits for a lock it does not notice that the client is gone: without this, each statement that took too
// long would leave a server process behind, until the server has no more of them.
import { connect } from 'node:net'

/** Where a client of `pg` is connected to, and how the server knows it */
export interface Backend {
  host: string
  port: number
  processID: number | null
  secretKey: number | null
}

const CANCEL_REQUEST = 80_877_102
/** Milliseconds; a server that is away has nothing to cancel */
const CANCEL_TIMEOUT = 5_000

/** Best effort: the server does not answer, and a driver that does not expose these fields cannot cancel */
export function cancel({ host, port, processID, secretKey }: Partial<Backend>): void {
  if (host === undefined || port === undefined || typeof processID !== 'number' || typeof secretKey !== 'number') return
  const request = Buffer.alloc(16)
  for (const [i, word] of [request.length, CANCEL_REQUEST, processID, secretKey].entries())
    request.writeInt32BE(word, i * 4)
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
  socket.setTimeout(CANCEL_TIMEOUT, () => socket.destroy())
  socket.on('error', () => undefined)
  socket.unref()
  socket.end(request)
}
