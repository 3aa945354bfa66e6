import type { Peer } from './http/address.ts'
import type { Whom } from './people/revocations.ts'
import type { Tokens } from './people/token.ts'
import type { Load } from './ports/observer.ts'
import type { Accepted } from './realtime/connections/dialect.ts'

/** A running chat, independent of the runtime. `adapters/` connect it to one. */
export interface DeskbellCore {
  /** @param peer what the runtime knows of the client; without an address, limits per address do not apply */
  fetch: (request: Request, peer?: Peer) => Promise<Response>
  /** All routes of `fetch`. `*` and `ALL` stand for several paths or methods */
  routes: { method: string; path: string }[]
  /** Decides about an Upgrade request. A `Response` refuses it */
  handshake(request: Request, peer?: Peer): Promise<Response | Accepted>
  /** Signs and checks tokens with the shared secret; refuses those that were revoked */
  tokens: Tokens
  /**
   * Revokes all credentials that a person was issued until now, or one session (a token's `jti`). Within 5 s, every node on the same
   * database refuses the tokens and closes the connections. A person whom the host's `authenticate` still accepts can come back.
   * Tokens whose `iat` is the very second of the revocation, without a fraction, stay good; revoking a session is exact.
   * @example await deskbell.revoke({ id: user.id, role: 'user' }) // they changed their password
   */
  revoke(whom: Whom): Promise<void>
  /** How busy this node is now */
  load(): Load
  /**
   * Tells clients to come back later, finishes what was accepted, and stops. New requests are answered with 503 and `Retry-After`.
   * Once it resolves, nothing uses the store any more. The store stays open; the caller closes it. Never rejects, and takes at most
   * 7 s longer than `drainMs`. A second call waits for the first.
   * @param options `drainMs`: milliseconds over which clients are told to leave, so that they do not all return at once. Default: 0
   */
  close(options?: { drainMs?: number }): Promise<void>
}
