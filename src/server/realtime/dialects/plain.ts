// The dialect of the specification's React and Vue sections: one socket is one subscription, and events have no envelope.
import type { DisconnectReason } from '../../../protocol/cable.ts'
import { DeskbellError } from '../../../protocol/errors.ts'
import { ensureChat, findChat } from '../../chats/open.ts'
import type { Core } from '../../core.ts'
import { parse, seqSchema } from '../../http/input.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
import { Connection, type ConnectionParts } from '../connections/connection.ts'
import type { Dialect } from '../connections/dialect.ts'
import { Subscription, type Envelope } from '../streams/subscription.ts'
import { ChatActions } from './chat-actions.ts'
import { parseObject } from './parse.ts'

export const plain: Dialect = {
  path: '/ws/chat',
  async accept(request, address, { core, authenticate, connections }) {
    const { identity, hostRequest } = await authenticate(request, address)
    const { searchParams } = new URL(request.url)
    const id = searchParams.get('chat_id') ?? searchParams.get('id')
    const after = searchParams.get('after')
    const seq = after === null ? undefined : parse(seqSchema, /^\d{1,15}$/.test(after) ? Number(after) : after)
    const chat =
      id === null
        ? await ensureChat(core, { identity })
        : await findChat(core, { identity, action: 'read_chat', id }).catch(forbid)
    return {
      protocol: undefined,
      identity,
      open: (socket) => new PlainConnection({ core, socket, identity, hostRequest, connections }, chat, seq),
    }
  },
}

/** This dialect answers 403 for a chat that does not exist and for somebody else's alike */
function forbid(error: unknown): never {
  throw error instanceof DeskbellError ? new DeskbellError('forbidden') : error
}

const BARE: Envelope = { key: '', wrap: ({ json }) => json }

class PlainConnection extends Connection {
  readonly #core: Core
  readonly #subscription: Subscription
  readonly #actions: ChatActions

  /** @param after replays the messages after this seq first; undefined: sends only new ones */
  constructor(parts: ConnectionParts, chat: ChatRecord, after: number | undefined) {
    super(parts)
    const { core, identity } = parts
    this.#core = core
    this.#subscription = new Subscription({ topic: { type: 'chat', chat }, identity, envelope: BARE, sink: this })
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

  /** Clients of this dialect expect no heartbeat; RFC 6455 pings are enough */
  override beat(): void {}

  override disconnect(reason: DisconnectReason, reconnect: boolean): void {
    this.close(reconnect ? 1001 : 4001, reason)
  }

  /** The client connects again, and is told then that the chat is gone */
  override reject(): void {
    this.disconnect('remote', true)
  }

  protected override release(): void {
    this.#core.hub.leave(this.#subscription)
  }
}
