// The state of one conversation and its listeners. Messages get into it in order, without gaps, each once.
import type { SenderType, SupportMessage } from '../../protocol/types.ts'
import type { ConnectionStatus } from '../connection/status.ts'
import type { OpenedChat } from './chat-endpoint.ts'
import type { ConversationState } from './conversation-state.ts'
import { countUnread, initialState, joinNewest, lastSeq, markMessagesRead, readSeq } from './conversation-state.ts'
import type { PendingMessage } from './outbox.ts'

export class ConversationStore {
  readonly #role: SenderType
  readonly #listeners = new Set<() => void>()
  #state: ConversationState
  #epoch: string | null = null
  /** Unread messages before the first one that is loaded */
  #hidden = 0
  #readUpTo = 0
  #readAt = ''
  #together = false
  #changed = false
  /** The highest seq that was seen in a frame; while it is beyond the last message here, REST has to fill the gap */
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
    if (this.#together) this.#changed = true
    else for (const listener of this.#listeners) listener()
  }

  /** Listeners see what `work` changes as one change, so that no message is shown as both pending and sent, or as neither */
  together<T>(work: () => T): T {
    if (this.#together) return work()
    this.#together = true
    try {
      return work()
    } finally {
      this.#together = false
      if (this.#changed) {
        this.#changed = false
        this.patch({})
      }
    }
  }

  /**
   * Takes the newest page, as it was when the server read it; events may have brought more since.
   * @param asked the last seq here when the request was sent
   */
  load(chat: OpenedChat, pending: readonly PendingMessage[], asked: number): void {
    // A page that ends before that comes from a database that was restored to an earlier state
    const same = this.#epoch === chat.epoch && this.#state.chat_id === chat.id && lastSeq(chat.messages) >= asked
    this.#epoch = chat.epoch
    if (!same) {
      this.#ahead = this.#readUpTo = 0
      const { user_online, archived, has_more } = chat
      // After this, events and polled pages keep presence and the archive up to date
      this.patch({ messages: [], other_read_seq: 0, user_online, archived, has_more })
    }
    const { messages: held, has_more, other_read_seq } = this.#state
    const joined = joinNewest(held, chat.messages)
    const messages = markMessagesRead(joined, this.#role, this.#readUpTo, this.#readAt)
    // How many of the unread messages that the server counted are here; it did not count what came since
    const counted = messages.filter(({ seq }) => seq <= lastSeq(chat.messages))
    this.#hidden = Math.max(0, (chat.unread_count ?? 0) - countUnread(counted, this.#role))
    this.patch({
      status: 'ready',
      error: null,
      chat_id: chat.id,
      messages,
      has_more: messages[0] === held[0] ? has_more : chat.has_more,
      pending,
      unread_count: this.#countUnread(messages),
      other_read_seq: Math.max(other_read_seq, chat.other_read_seq, readSeq(messages, this.#role)),
      replies_by_email: chat.replies_by_email,
      attachments: chat.attachments,
      closed: chat.closed,
    })
  }

  /** Appends what follows the last message here, ignores what is here already, and notes gaps. Returns what was appended. */
  insert(incoming: readonly SupportMessage[]): readonly SupportMessage[] {
    let { last } = this
    const fresh: SupportMessage[] = []
    for (const message of incoming) {
      if (message.seq === last + 1) {
        fresh.push(message)
        last = message.seq
      } else if (message.seq > last + 1) this.#ahead = Math.max(this.#ahead, message.seq)
    }
    // A mark may come before what it marks
    const appended = markMessagesRead(fresh, this.#role, this.#readUpTo, this.#readAt)
    if (appended.length)
      this.patch({
        messages: [...this.#state.messages, ...appended],
        unread_count: this.#state.unread_count + countUnread(appended, this.#role),
        other_read_seq: Math.max(this.#state.other_read_seq, readSeq(appended, this.#role)),
      })
    return appended
  }

  /** Adds messages that are older than the first one here */
  prepend(older: readonly SupportMessage[], hasMore: boolean): void {
    this.#hidden = Math.max(0, this.#hidden - countUnread(older, this.#role))
    this.patch({ messages: [...older, ...this.#state.messages], has_more: hasMore })
  }

  /** Returns false when the number of unread messages is unknown now, because some lie before the first one here */
  markRead(reader: SenderType, upTo: number, at: string): boolean {
    const messages = markMessagesRead(this.#state.messages, reader, upTo, at)
    if (reader !== this.#role) {
      this.patch({ messages, other_read_seq: Math.max(this.#state.other_read_seq, upTo) })
      return true
    }
    const isNews = upTo > this.#readUpTo
    if (isNews) {
      this.#readUpTo = upTo
      this.#readAt = at
    }
    this.patch({ messages, unread_count: this.#countUnread(messages) })
    return this.#hidden === 0 || !isNews
  }

  #countUnread(messages: readonly SupportMessage[]): number {
    // Everything before the first message here has been read
    if (this.#readUpTo >= (messages[0]?.seq ?? 1) - 1) this.#hidden = 0
    return this.#hidden + countUnread(messages, this.#role)
  }
}
