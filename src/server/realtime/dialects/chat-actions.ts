// What a client can do in a chat that it is subscribed to, in every dialect.
import { DeskbellError } from '../../../protocol/errors.ts'
import type { ChatChannelMessage } from '../../../protocol/events.ts'
import { CLIENT_ID_PATTERN, MAX_FILES } from '../../../protocol/limits.ts'
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

interface SentFields {
  content: string
  clientId: string | null
  attachmentIds: string[]
}

/**
 * What a client sends, and its id for it, of any types.
 * @throws DeskbellError `invalid_request`
 */
export function sentFields({ content, client_id, attachment_ids }: Fields): SentFields {
  if (typeof content !== 'string') throw new DeskbellError('invalid_request', 'content: a string')
  const attachmentIds = attachment_ids ?? []
  if (!isIds(attachmentIds)) throw new DeskbellError('invalid_request', `attachment_ids: at most ${MAX_FILES} strings`)
  const clientId = client_id ?? null
  if (clientId === null || (typeof clientId === 'string' && CLIENT_ID_PATTERN.test(clientId)))
    return { content, clientId, attachmentIds }
  throw new DeskbellError('invalid_request', 'client_id: letters, digits, _ . : and -')
}

const isIds = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= MAX_FILES && value.every((id) => typeof id === 'string')

/** Whether it can be the place of a message in its chat, or 0 for the start */
export const isSeq = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

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

  async #send(fields: Fields): Promise<void> {
    try {
      const text = sentFields(fields)
      const { message, repeated } = await sendMessage(this.#core, { sender: this.#identity, chat: this.#chat, ...text })
      if (repeated && text.clientId !== null)
        this.#subscription.answer({ type: 'ack', client_id: text.clientId, message })
    } catch (error) {
      const { client_id } = fields
      // Rails clients submit empty forms too; without a client_id such a message gets no nack
      if (error instanceof DeskbellError && error.code === 'blank' && (client_id ?? null) === null) return
      this.#subscription.answer(nackOf(client_id, error))
    }
  }

  async #read(upTo: unknown): Promise<void> {
    if (upTo !== undefined && !isSeq(upTo)) return
    // A read mark that fails is covered by the client's next one
    const mark = { reader: this.#identity, chat: this.#chat, upTo }
    await markRead(this.#core, mark).catch(() => undefined)
  }

  async #history(after: unknown): Promise<void> {
    if (!isSeq(after)) return
    await this.#subscription.hold()
    try {
      const row = await this.#core.store.findChat(this.#chat.id)
      await replay(this.#core, { chat: this.#chat, row, subscription: this.#subscription, after })
    } catch {
      // The client keeps its cursor and asks again
    } finally {
      this.#subscription.release()
    }
  }
}
