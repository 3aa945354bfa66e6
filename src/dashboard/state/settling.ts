// Chats that somebody else has just changed: archived, restored or assigned. What is on the screen then means something else than a moment before:
// a click or a key that follows at once was meant for what had been there, and must not undo what the other one did.
import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import type { Clock } from './environment.ts'

/** By then (ms) people have seen the change, and mean what they click */
export const SETTLE = 800

/** @typeParam State what changes of a chat */
export class Settling<State> {
  readonly chats = signal<ReadonlySet<string>>(new Set())
  readonly #clock: Clock
  /** What we have asked for ourselves is no surprise */
  readonly #own = new Map<string, State>()
  readonly #ends = new Map<string, () => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  has(chat: string): boolean {
    return this.chats.value.has(chat)
  }

  /** We ask for a change ourselves; the returned function takes that back when it failed */
  own(chat: string, state: State): () => void {
    this.#own.set(chat, state)
    return () => {
      this.#own.delete(chat)
    }
  }

  changed(chat: string, state: State): void {
    // Several parts of the page tell of one change
    if (this.#own.has(chat) && this.#own.get(chat) === state) return
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

  /** Watches the chat on the screen; null: it is not known. The returned function ends it */
  watch(shown: ReadonlySignal<{ chat: string; state: State } | null>): () => void {
    let before: { chat: string; state: State } | null = null
    return effect(() => {
      const now = shown.value
      if (now === null) return
      const isChange = before?.chat === now.chat && before.state !== now.state
      before = now
      if (isChange) untracked(() => this.changed(now.chat, now.state))
    })
  }

  close(): void {
    for (const end of this.#ends.values()) end()
  }
}
