// What a client can do in a chat that it is subscribed to, in every dialect.
import { DeskbellError } from '../../../protocol/errors.ts'
import type { ChatChannelMessage } from '../../../protocol/events.ts'
import { CLIENT_ID_PATTERN } from '../../../protocol/limits.ts'
import type { Core } from '../../core.ts'
import { markRead } from '../../messages/mark-read.ts'
import { sendMessage } from '../../messages/send.ts'
import { sideOf, type Identity } from '../../people/identity.ts'
import { can } from '../../people/policy.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
import { replay } from '../streams/replay.ts'
import type { Subscription } from '../streams/subscription.ts'

type Fields = Record<string, unknown>

/** Refuses a message. @param clientId what the client gave as its id, of any type */
export function nackOf(clientId: unknown, error: unknown): ChatChannelMessage {
  const { code, message } = error instanceof DeskbellError ? error : new DeskbellError('unavailable')
  const client_id = typeof clientId === 'string' ? clientId.slice(0, 64) : null
  return { type: 'nack', client_id, code, detail: message }
}

export class ChatActions {
  readonly #core: Core
  readonly #identity: Identity
  readonly #chat: ChatRecord
  readonly #subscription: Subscription

  constructor(core: Core, chat: ChatRecord, subscription: Subscription) {
    this.#core = core
    this.#identity = subscription.identity
    this.#chat = chat
    this.#subscription = subscription
  }

  /** @returns false for an unknown action. Faults in a known action get a nack or, as in Rails, no answer */
  perform(fields: Fields): boolean {
    switch (fields['action']) {
      case 'send_message':
        void this.#send(fields)
        return true
      case 'mark_read':
      case 'mark_viewed':
        void this.#read(fields['up_to_seq'])
        return true
      case 'typing':
        this.typing(fields['typing'] === true)
        return true
      case 'history':
        void this.#history(fields['after'])
        return true
      default:
        return false
    }
  }

  typing(typing: boolean): void {
    if (!can(this.#identity, 'show_typing', this.#chat)) return
    const sender_type = sideOf(this.#identity)
    const { name } = this.#identity
    this.#core.hub.typing(this.#chat.id, { type: 'typing', sender_type, name, typing }, this.#subscription)
  }

  async #send({ content, client_id }: Fields): Promise<void> {
    // Rails clients submit empty forms too; without a client_id such a message gets no nack
    if (typeof content !== 'string')
      return this.#nack(client_id, new DeskbellError('invalid_request', 'content: a string'))
    const hasId = typeof client_id === 'string' && CLIENT_ID_PATTERN.test(client_id)
    if (client_id !== undefined && client_id !== null && !hasId) {
      return this.#nack(client_id, new DeskbellError('invalid_request', 'client_id: letters, digits, _ . : and -'))
    }
    try {
      const id = hasId ? client_id : null
      const { message, repeated } = await sendMessage(this.#core, {
        sender: this.#identity,
        chat: this.#chat,
        content,
        clientId: id,
      })
      if (repeated && id !== null) this.#subscription.answer({ type: 'ack', client_id: id, message })
    } catch (error) {
      if (error instanceof DeskbellError && error.code === 'blank' && !hasId) return
      this.#nack(client_id, error)
    }
  }

  #nack(clientId: unknown, error: unknown): void {
    this.#subscription.answer(nackOf(clientId, error))
  }

  async #read(upTo: unknown): Promise<void> {
    if (upTo !== undefined && !(Number.isSafeInteger(upTo) && Number(upTo) >= 0)) return
    // A read mark that fails is covered by the client's next one
    const mark = { reader: this.#identity, chat: this.#chat, upTo: upTo as number | undefined }
    await markRead(this.#core, mark).catch(() => undefined)
  }

  async #history(after: unknown): Promise<void> {
    if (!(Number.isSafeInteger(after) && Number(after) >= 0)) return
    await this.#subscription.hold()
    try {
      await replay(this.#core, { chat: this.#chat, subscription: this.#subscription, after: Number(after) })
    } catch {
      // The client keeps its cursor and asks again
    } finally {
      this.#subscription.release()
    }
  }
}
