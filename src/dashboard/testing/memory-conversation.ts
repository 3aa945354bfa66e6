// A conversation in memory, for tests of what the dashboard does with one: nothing is sent, and pages come when the test says so.
import { Api } from '../../client/api.ts'
import { createCredentials } from '../../client/connection/credentials.ts'
import { createSession } from '../../client/connection/session.ts'
import { initialState } from '../../client/conversation/conversation-state.ts'
import type { ConversationState } from '../../client/conversation/conversation.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import type { StaffConversation } from '../state/open-chat.ts'

export const message = (seq: number): SupportMessage => ({
  id: `m${seq}`,
  seq,
  content: `message ${seq}`,
  sender_type: 'user',
  sender_name: null,
  client_id: null,
  read_at: null,
  attachments: [],
  created_at: '2026-03-02T09:00:00.000Z',
})

/** Messages `from` up to and with `to` */
export const messages = (from: number, to: number): SupportMessage[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => message(from + n))

const PAGE = 50

export class MemoryConversation implements StaffConversation {
  readonly role = 'admin'
  readonly api = new Api({ base: 'http://desk.test/', session: createSession(createCredentials({})) })
  state: ConversationState = initialState('connected')
  /** What was called, in order */
  readonly calls: string[] = []
  readonly #listeners = new Set<() => void>()
  #arrive: (() => void) | null = null

  /** How a page of older messages ends: with the messages, or dropped as when what is held changed meanwhile */
  olderPage: 'comes' | 'is dropped' | 'waits' = 'comes'

  set(change: Partial<ConversationState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.#listeners) listener()
  }

  /** Loaded, with the newest `held` of `last` messages */
  load(last: number, held = 50): void {
    const from = Math.max(1, last - held + 1)
    this.set({ status: 'ready', messages: messages(from, last), has_more: from > 1 })
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async open(): Promise<void> {
    this.calls.push('open')
  }
  close(): void {
    this.calls.push('close')
  }
  markRead(): void {
    this.calls.push('markRead')
    this.set({ unread_count: 0 })
  }

  async loadOlder(): Promise<void> {
    this.calls.push('loadOlder')
    const first = this.state.messages[0]?.seq ?? 1
    this.set({ loading_older: true })
    if (this.olderPage === 'waits') await new Promise<void>((resolve) => (this.#arrive = resolve))
    const from = Math.max(1, first - PAGE)
    if (this.olderPage !== 'is dropped')
      this.set({ messages: [...messages(from, first - 1), ...this.state.messages], has_more: from > 1 })
    this.set({ loading_older: false })
  }
  arrive(): void {
    this.#arrive?.()
  }

  send(): boolean {
    return true
  }
  retry(): void {}
  discard(): void {}
  setTyping(): void {}
}
