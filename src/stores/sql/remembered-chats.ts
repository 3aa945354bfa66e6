// Chats as this process read or wrote them last, for the next message to them. What is remembered may be out of date: whoever uses it
// compares it with what is stored.
import type { LockedHead } from './read-head.ts'

/** About a kilobyte each */
const MOST = 2_000

export class RememberedChats {
  /** By id; the ones that were used last come last */
  readonly #chats = new Map<string, LockedHead>()

  /** Undefined where one of them is not remembered. None of them is any more, so that they are the caller's to change */
  take(ids: string[]): LockedHead[] | undefined {
    const taken: LockedHead[] = []
    for (const id of ids) {
      const chat = this.#chats.get(id)
      if (chat && this.#chats.delete(id)) taken.push(chat)
    }
    return taken.length === ids.length ? taken : undefined
  }

  put(chat: LockedHead): void {
    this.#chats.delete(chat.id)
    this.#chats.set(chat.id, chat)
    const [oldest] = this.#chats.size > MOST ? this.#chats.keys() : []
    if (oldest !== undefined) this.#chats.delete(oldest)
  }
}
