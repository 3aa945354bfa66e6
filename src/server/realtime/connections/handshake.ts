import { DeskbellError } from '../../../protocol/errors.ts'
import type { Mount } from '../../http/mount.ts'
import type { Origins } from '../../http/origins.ts'
import { reported } from '../../http/problem.ts'
import type { SocketHandler } from '../../ports/socket.ts'
import { admit, ConnectionSlot, FEWER_AFTER } from './admission.ts'
import type { Accepted, Dialect, DialectContext } from './dialect.ts'
import { refuse as refuseCable } from './disconnect.ts'

export interface HandshakeOptions extends DialectContext {
  dialects: readonly Dialect[]
  origins: Origins
  mount: Mount
}

/**
 * Decides about an Upgrade request, or another that opens a connection, before it is answered. A `Response` refuses it.
 * @param attached what the connection speaks; undefined: its path says it
 */
export async function handshake(
  request: Request,
  address: string | undefined,
  options: HandshakeOptions,
  attached?: Dialect,
): Promise<Response | Accepted> {
  const { core, connections } = options
  try {
    if (connections.draining) throw new DeskbellError('unavailable', undefined, 1)
    core.addresses?.attempt(address)
    if (options.origins.refuses(request)) throw new DeskbellError('forbidden_origin')
    const dialect = attached ?? dialectOf(request, options)
    const { protocol, identity, open, refuse = refuseCable } = await dialect.accept(request, address, options)
    if (identity) admit(core, identity)
    return {
      protocol,
      open(socket) {
        // The drain may have begun after the request arrived
        if (connections.draining) return refuse(socket, 'server_restart', true)
        if (identity && core.revocations.covers(identity)) return refuse(socket, 'unauthorized', false)
        const slot = ConnectionSlot.take(core, address, identity)
        return slot ? new CountedHandler(open(socket), slot) : refuse(socket, 'remote', true, FEWER_AFTER)
      },
    }
  } catch (error) {
    return reported(error, options.onError)
  }
}

/** @throws DeskbellError `not_found` */
function dialectOf(request: Request, { dialects, mount }: HandshakeOptions): Dialect {
  const whole = mount.pathOf(request, {})
  const below = mount.below(whole)
  const path = below ?? whole
  const dialect = dialects.find((one) => one.path === path || one.alsoTakes?.test(path))
  if (dialect) {
    mount.found()
    return dialect
  }
  const isMisplaced = dialects.some(({ path }) => whole.endsWith(path))
  if (isMisplaced) mount.reportPath(whole)
  throw new DeskbellError('not_found', isMisplaced || below === undefined ? mount.explain(whole) : undefined)
}

/** Frees the connection's slot when the socket is closed, by either side */
class CountedHandler implements SocketHandler {
  readonly #handler: SocketHandler
  readonly #slot: ConnectionSlot

  constructor(handler: SocketHandler, slot: ConnectionSlot) {
    this.#handler = handler
    this.#slot = slot
  }

  receive(text: string): void {
    this.#handler.receive(text)
  }

  alive(): void {
    this.#handler.alive()
  }

  closed(): void {
    this.#slot.leave()
    this.#handler.closed()
  }
}
