// The dialect of the seed's React and Vue sections: the socket is the subscription, events come bare.
import { chatStream, type DisconnectReason } from '../../../protocol/cable.ts'
import type { Core } from '../../core.ts'
import type { Identity } from '../../people/identity.ts'
import type { Socket } from '../../ports/socket.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
import { parseObject } from './parse.ts'
import { ChatActions } from './chat-actions.ts'
import { Connection } from '../connections/connection.ts'
import type { Connections } from '../connections/connections.ts'
import { Subscription } from '../streams/subscription.ts'

export class PlainConnection extends Connection {
  readonly #core: Core
  readonly #chat: ChatRecord
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
    this.#chat = chat
    const bare = { key: '', wrap: (json: string) => json }
    this.#subscription = new Subscription(chatStream(chat.id), identity, bare, this)
    this.#actions = new ChatActions(core, chat, this.#subscription)
    core.hub.join(this.#subscription, chat)
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

  /** RFC 6455 pings do here: these clients watch for nothing else */
  override beat(): void {}

  override disconnect(reason: DisconnectReason, reconnect: boolean): void {
    this.close(reconnect ? 1001 : 4001, reason)
  }

  protected override release(): void {
    this.#core.hub.leave(this.#subscription, this.#chat)
  }
}
