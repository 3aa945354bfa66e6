import type { Looking } from '../../../protocol/events.ts'
import type { Core } from '../../core.ts'
import type { Identity } from '../../people/identity.ts'

/** What somebody of staff may write in a chat at a time; null: nothing */
export const isWriting = (value: unknown): value is Looking['writing'] =>
  value === null || value === 'reply' || value === 'note'

/** What staff can do where they follow the activity of a chat: let their colleagues know that they look at it */
export class ActivityActions {
  readonly #core: Core
  readonly #identity: Identity
  readonly #chatId: string

  constructor(core: Core, identity: Identity, chatId: string) {
    this.#core = core
    this.#identity = identity
    this.#chatId = chatId
  }

  /** @returns false for an unknown action. One that is not valid gets no answer */
  perform(fields: Record<string, unknown>): boolean {
    if (fields['action'] !== 'look') return false
    const writing = fields['writing'] ?? null
    const { id, name } = this.#identity
    if (isWriting(writing)) this.#core.hub.look(this.#chatId, { id, name, writing })
    return true
  }
}
