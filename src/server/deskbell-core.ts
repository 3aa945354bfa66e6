import type { Peer } from './http/address.ts'
import type { Whom } from './people/revocations.ts'
import type { Tokens } from './people/token.ts'
import type { Load } from './ports/observer.ts'
import type { Accepted } from './realtime/connections/dialect.ts'

/** A running chat, independent of any runtime; `adapters/` put it on one. */
export interface DeskbellCore {
  /** @param peer what the runtime knows of the other end; without an address, nothing is limited by it */
  fetch: (request: Request, peer?: Peer) => Promise<Response>
  /** Every route that `fetch` has. `*` and `ALL` stand for several paths or methods */
  routes: { method: string; path: string }[]
  /** Decides about an Upgrade request: a Response refuses it */
  handshake(request: Request, peer?: Peer): Promise<Response | Accepted>
  /** Signs and checks tokens with the shared secret; refuses those that were revoked */
  tokens: Tokens
  /**
   * Revokes what a person was issued until now, or one session (a token's `jti`): tokens are refused, and sockets are closed within
   * 5 s on every node that shares the database. A person whom the host's own `authenticate` names again is let in again.
   * @example await deskbell.revoke({ id: user.id, role: 'user' }) // they changed their password
   */
  revoke(whom: Whom): Promise<void>
  /** How busy it is */
  load(): Load
  /**
   * Tells clients to come back later, finishes what was accepted, and stops. New requests are answered with 503 and `Retry-After`.
   * Once it resolves, nothing uses the store any more, which stays open: it is the caller's to close. Never rejects; at most 7 s
   * longer than `drainMs`. A second call waits for the same end.
   * @param options `drainMs`: milliseconds over which clients are told to leave, so that they do not all return at once. Default: 0
   */
  close(options?: { drainMs?: number }): Promise<void>
}
