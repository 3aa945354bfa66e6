// Asking PostgreSQL to give up what a connection waits for (https://www.postgresql.org/docs/current/protocol-flow.html, "Canceling
// Requests in Progress"). A server does not notice that a client is gone while it waits for a lock: without this, each statement that
// took too long would leave a server process behind, until there are no more to be had.
import { connect } from 'node:net'

/** Where a client of `pg` is connected to, and how it is known there */
export interface Backend {
  host: string
  port: number
  processID: number | null
  secretKey: number | null
}

const CANCEL_REQUEST = 80_877_102
/** Milliseconds; a server that is away has nothing to give up */
const PATIENCE = 5_000

/** As well as can be: there is no answer to it, and nothing happens where the driver does not tell what it takes */
export function cancel({ host, port, processID, secretKey }: Partial<Backend>): void {
  if (host === undefined || port === undefined || typeof processID !== 'number' || typeof secretKey !== 'number') return
  const request = Buffer.alloc(16)
  for (const [i, word] of [request.length, CANCEL_REQUEST, processID, secretKey].entries())
    request.writeInt32BE(word, i * 4)
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
  socket.setTimeout(PATIENCE, () => socket.destroy())
  socket.on('error', () => undefined)
  socket.unref()
  socket.end(request)
}
