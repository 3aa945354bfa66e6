// The dialect of the specification's React and Vue sections: the socket is the subscription, and events come bare.
import type { DisconnectReason } from '../../../protocol/cable.ts'
import { DeskbellError } from '../../../protocol/errors.ts'
import { ensureChat, findChat } from '../../chats/open.ts'
import type { Core } from '../../core.ts'
import { parse, seqSchema } from '../../http/input.ts'
import type { Identity } from '../../people/identity.ts'
import type { Socket } from '../../ports/socket.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
import { Connection } from '../connections/connection.ts'
import type { Connections } from '../connections/connections.ts'
import type { Dialect } from '../connections/dialect.ts'
import { Subscription, type Envelope } from '../streams/subscription.ts'
import { ChatActions } from './chat-actions.ts'
import { parseObject } from './parse.ts'

export const plain: Dialect = {
  path: '/ws/chat',
  async accept(request, address, { core, authenticate, connections }) {
    const identity = await authenticate(request, address)
    const { searchParams } = new URL(request.url)
    const id = searchParams.get('chat_id') ?? searchParams.get('id')
    const after = searchParams.get('after')
    const seq = after === null ? undefined : parse(seqSchema, /^\d{1,15}$/.test(after) ? Number(after) : after)
    const chat =
      id === null ? await ensureChat(core, identity) : await findChat(core, identity, 'read_chat', id).catch(forbid)
    return {
      protocol: undefined,
      identity,
      open: (socket) => new PlainConnection(core, socket, identity, connections, chat, seq),
    }
  },
}

/** A socket has no 404 of its own: before the upgrade both an unknown and a foreign chat are 403 */
function forbid(error: unknown): never {
  throw error instanceof DeskbellError ? new DeskbellError('forbidden') : error
}

const BARE: Envelope = { key: '', wrap: ({ json }) => json }

class PlainConnection extends Connection {
  readonly #core: Core
  readonly #subscription: Subscription
  readonly #actions: ChatActions

  /** @param after replay what came after this seq first; undefined: only what comes from now on */
  constructor(
    core: Core,
    socket: Socket,
    identity: Identity,
    connections: Connections,
    chat: ChatRecord,
    after: number | undefined,
  ) {
    super(socket, identity, connections, core)
    this.#core = core
    this.#subscription = new Subscription({ type: 'chat', chat }, identity, BARE, this)
    this.#actions = new ChatActions(core, chat, this.#subscription)
    core.hub.join(this.#subscription)
    if (after !== undefined) this.#actions.perform({ action: 'history', after })
  }

  override get kind(): 'plain' {
    return 'plain'
  }

  override receive(text: string): void {
    if (!this.isOpen) return
    const fields = parseObject(text)
    if (fields?.['action'] !== 'send_message' && !this.mayCommand()) return
    if (!fields || !this.#actions.perform(fields)) this.garbage()
  }

  /** RFC 6455 pings are enough here: these clients watch for nothing else */
  override beat(): void {}

  override disconnect(reason: DisconnectReason, reconnect: boolean): void {
    this.close(reconnect ? 1001 : 4001, reason)
  }

  protected override release(): void {
    this.#core.hub.leave(this.#subscription)
  }
}
