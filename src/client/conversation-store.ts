// The state of one conversation, who watches it, and how messages get into it: in order, without holes, each once.
import type { SenderType, SupportMessage } from '../protocol/types.ts'
import type { ConnectionStatus } from './cable.ts'
import type { OpenedChat } from './chat-endpoint.ts'
import type { ConversationState } from './conversation-state.ts'
import { countUnread, initialState, joinNewest, lastSeq, markMessagesRead, readSeq } from './conversation-state.ts'
import type { PendingMessage } from './outbox.ts'

export class ConversationStore {
  readonly #role: SenderType
  readonly #listeners = new Set<() => void>()
  #state: ConversationState
  #epoch: string | null = null
  /** The highest seq that a frame has shown; while it is beyond ours, REST has to fill in */
  #ahead = 0

  constructor(role: SenderType, connection: ConnectionStatus) {
    this.#role = role
    this.#state = initialState(connection)
  }

  get state(): ConversationState {
    return this.#state
  }
  /** null until loaded */
  get epoch(): string | null {
    return this.#epoch
  }
  get last(): number {
    return lastSeq(this.#state.messages)
  }
  get behind(): boolean {
    return this.#ahead > this.last
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  patch(change: Partial<ConversationState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }

  /** The newest page, as the server has it now */
  load(chat: OpenedChat, pending: readonly PendingMessage[]): void {
    const same = this.#epoch === chat.epoch && this.#state.chat_id === chat.id
    const before = same ? this.#state.messages : []
    const messages = joinNewest(before, chat.messages)
    this.#epoch = chat.epoch
    if (!same) this.#ahead = 0
    this.patch({
      status: 'ready',
      error: null,
      chat_id: chat.id,
      messages,
      has_more: messages[0] === before[0] && before.length > 0 ? this.#state.has_more : chat.has_more,
      pending,
      unread_count: chat.unread_count ?? countUnread(messages, this.#role),
      other_read_seq: Math.max(chat.other_read_seq, readSeq(messages, this.#role)),
      user_online: chat.user_online,
      archived: chat.archived,
    })
  }

  /** Takes what follows on what we have, drops what we have, notes what is missing in between; returns what it took */
  insert(incoming: readonly SupportMessage[]): readonly SupportMessage[] {
    let { last } = this
    const fresh: SupportMessage[] = []
    for (const message of incoming) {
      if (message.seq === last + 1) {
        fresh.push(message)
        last = message.seq
      } else if (message.seq > last + 1) this.#ahead = Math.max(this.#ahead, message.seq)
    }
    if (fresh.length)
      this.patch({
        messages: [...this.#state.messages, ...fresh],
        unread_count: this.#state.unread_count + countUnread(fresh, this.#role),
        other_read_seq: Math.max(this.#state.other_read_seq, readSeq(fresh, this.#role)),
      })
    return fresh
  }

  markRead(reader: SenderType, upTo: number, at: string): void {
    const messages = markMessagesRead(this.#state.messages, reader, upTo, at)
    if (reader === this.#role) this.patch({ messages, unread_count: countUnread(messages, reader) })
    else this.patch({ messages, other_read_seq: Math.max(this.#state.other_read_seq, upTo) })
  }

  /** Takes over the receipts of a page that was asked for again */
  refreshReceipts(page: readonly SupportMessage[]): void {
    const read = new Map(page.map((message) => [message.seq, message.read_at]))
    const messages = this.#state.messages.map((m) => (m.read_at ? m : { ...m, read_at: read.get(m.seq) ?? null }))
    this.patch({
      messages,
      unread_count: countUnread(messages, this.#role),
      other_read_seq: Math.max(this.#state.other_read_seq, readSeq(messages, this.#role)),
    })
  }
}
