// The tags of the open chat: those it came with, and what was told of them since, by whomever.
import { computed, signal, untracked, effect, type ReadonlySignal } from '@preact/signals'
import type { ActivityState } from '../../client/staff/activity-feed.ts'
import type { AdminSupportChat } from '../../protocol/types.ts'
import type { Clock } from './environment.ts'

/** How long after its answer a change of one's own is shown that the activity does not tell of (ms) */
const SHOWN = 3_000

export interface TagChanges {
  add?: string[]
  remove?: string[]
}

export interface ChatTagsOptions {
  /** The chat that the address names */
  id: ReadonlySignal<string | null>
  /** The chat that the server was asked for last */
  openedChat: ReadonlySignal<AdminSupportChat | null>
  activity: ReadonlySignal<ActivityState | null>
  /** Resolves to all tags that the chat then has */
  send: (chat: string, changes: TagChanges) => Promise<string[]>
  loadKnown: () => Promise<string[]>
  failed: () => void
  clock: Clock
}

/** Own changes that are on their way, by tag: whether it is to be there */
type Wanted = ReadonlyMap<string, boolean>

export class ChatTags {
  /** In order of their characters */
  readonly value: ReadonlySignal<readonly string[]>
  /** Words that chats have, for completion */
  readonly known = signal<readonly string[]>([])
  readonly #options: ChatTagsOptions
  /** What an answer said, after what the chat came with */
  readonly #answered = signal<{ chat: string; tags: string[] } | null>(null)
  readonly #wanted = signal<Wanted>(new Map())
  readonly #stop: () => void

  constructor(options: ChatTagsOptions) {
    this.#options = options
    const { id, openedChat, activity } = options
    this.value = computed(() => {
      const chat = openedChat.value
      if (chat === null || chat.id !== id.value) return []
      const answered = this.#answered.value
      const tags = new Set(answered?.chat === chat.id ? answered.tags : chat.tags)
      // From the oldest on: where one of them was in it already, what came after it is repeated too
      for (const { kind, body } of activity.value?.activities ?? []) {
        if (kind !== 'tagged') continue
        for (const tag of body.added) tags.add(tag)
        for (const tag of body.removed) tags.delete(tag)
      }
      for (const [tag, isWanted] of this.#wanted.value) tags[isWanted ? 'add' : 'delete'](tag)
      return [...tags].sort()
    })
    this.#stop = effect(() => {
      void id.value
      untracked(() => {
        this.#answered.value = null
        this.#wanted.value = new Map()
      })
    })
  }

  /** Shows it at once. Never rejects */
  async change({ add = [], remove = [] }: TagChanges): Promise<void> {
    const { id, send, failed, clock } = this.#options
    const chat = id.peek()
    if (chat === null) return
    const mine: Wanted = new Map([
      ...add.map((tag) => [tag, true] as const),
      ...remove.map((tag) => [tag, false] as const),
    ])
    this.#wanted.value = new Map([...this.#wanted.peek(), ...mine])
    try {
      const tags = await send(chat, { add, remove })
      this.#answered.value = { chat, tags }
      clock.after(SHOWN, () => this.#drop(mine))
    } catch {
      this.#drop(mine)
      failed()
    }
  }

  /** Never rejects: what is known stays when no answer comes */
  async loadKnown(): Promise<void> {
    this.known.value = await this.#options.loadKnown().catch(() => this.known.peek())
  }

  close(): void {
    this.#stop()
  }

  #drop(mine: Wanted): void {
    const left = [...this.#wanted.peek()].filter(([tag, isWanted]) => mine.get(tag) !== isWanted)
    this.#wanted.value = new Map(left)
  }
}
