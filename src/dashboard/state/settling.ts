// Chats that somebody else has just archived or restored. What is on the screen then means something else than a moment before:
// a click or a key that follows at once was meant for what had been there, and must not undo what the other one did.
import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import type { ConversationState } from '../../client/conversation/conversation.ts'
import type { Clock } from './environment.ts'

/** By then (ms) people have seen the change, and mean what they click */
export const SETTLE = 800

export class Settling {
  readonly chats = signal<ReadonlySet<string>>(new Set())
  readonly #clock: Clock
  /** What we have asked for ourselves is no surprise */
  readonly #own = new Map<string, boolean>()
  readonly #ends = new Map<string, () => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  has(chat: string): boolean {
    return this.chats.value.has(chat)
  }

  /** We ask for a change ourselves; the returned function takes that back when it failed */
  own(chat: string, archived: boolean): () => void {
    this.#own.set(chat, archived)
    return () => {
      this.#own.delete(chat)
    }
  }

  changed(chat: string, archived: boolean): void {
    // Several parts of the page tell of one change
    if (this.#own.get(chat) === archived) return
    this.#own.delete(chat)
    this.#ends.get(chat)?.()
    this.#ends.set(
      chat,
      this.#clock.after(SETTLE, () => {
        this.#ends.delete(chat)
        this.chats.value = new Set(this.#ends.keys())
      }),
    )
    this.chats.value = new Set(this.#ends.keys())
  }

  /** Watches the chat on the screen; the returned function ends it */
  watch(state: ReadonlySignal<Pick<ConversationState, 'status' | 'chat_id' | 'archived'> | null>): () => void {
    let before: { chat: string; archived: boolean } | null = null
    return effect(() => {
      const now = state.value
      if (now?.status !== 'ready' || now.chat_id === null) return
      const { chat_id: chat, archived } = now
      const isChange = before?.chat === chat && before.archived !== archived
      before = { chat, archived }
      if (isChange) untracked(() => this.changed(chat, archived))
    })
  }

  close(): void {
    for (const end of this.#ends.values()) end()
  }
}
