import type { RealtimeHint } from '../../../protocol/publication.ts'

/** A hint that waits or is on its way */
export interface PendingHint {
  readonly hint: RealtimeHint
  /** How often the service refused it, or what it was joined to */
  readonly failures: number
  /** Lower than that of all that came later */
  readonly order: number
  /** Users see nothing of it, so that their topic is not told */
  readonly staffOnly?: true
}

/** The newest hint of each chat: a listener that gets it asks for everything before it too. The first chat in is the first out. */
export class PendingHints {
  readonly #byChat = new Map<string, PendingHint>()
  readonly #limit: number

  /** @param limit how many chats may wait */
  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#byChat.size
  }

  /** Joins it to the one of its chat, if one waits. @returns the hint that had to make room, if any */
  add(pending: PendingHint): PendingHint | undefined {
    const { chat_id } = pending.hint
    const waiting = this.#byChat.get(chat_id)
    this.#byChat.set(chat_id, waiting ? joined(waiting, pending) : pending)
    if (this.#byChat.size <= this.#limit) return undefined
    const [oldest] = this.#byChat.values()
    if (oldest) this.#byChat.delete(oldest.hint.chat_id)
    return oldest
  }

  /** Takes out the first whose chat is not in `busy` */
  next(busy: { has(chatId: string): boolean }): PendingHint | undefined {
    for (const [chatId, pending] of this.#byChat) {
      if (busy.has(chatId)) continue
      this.#byChat.delete(chatId)
      return pending
    }
    return undefined
  }

  [Symbol.iterator](): Iterator<PendingHint> {
    return this.#byChat.values()
  }
}

function joined(a: PendingHint, b: PendingHint): PendingHint {
  const newest = b.hint.seq >= a.hint.seq ? b.hint : a.hint
  // A message belongs to its own seq
  const message = newest.message ?? (a.hint.seq === b.hint.seq ? a.hint.message : undefined)
  return {
    hint: {
      chat_id: newest.chat_id,
      seq: newest.seq,
      ...((a.hint.state ?? b.hint.state) ? { state: true } : {}),
      ...(message ? { message } : {}),
    },
    failures: Math.max(a.failures, b.failures),
    order: Math.min(a.order, b.order),
    ...(a.staffOnly && b.staffOnly && { staffOnly: true }),
  }
}
