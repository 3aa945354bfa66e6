// The row that the keyboard is at, in a list or in what a search found.
import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import type { Clock } from './environment.ts'
import type { Lists } from './lists.ts'
import type { Navigation } from './navigation.ts'
import type { Search } from './search.ts'
import { SETTLE } from './settling.ts'

/** A row by its key, and where it leads */
interface ListEntry {
  /** A chat's id, or the id of a message that was found */
  key: string
  chat: string
  at: number | null
}

export interface RowCursorOptions {
  lists: Lists
  search: Search
  navigation: Navigation
  clock: Clock
}

export class RowCursor {
  /** The key of the row */
  readonly at = signal<string | null>(null)
  /** Counts up when the list should scroll to the row and focus it */
  readonly focus = signal(0)
  readonly #navigation: Navigation
  readonly #clock: Clock
  /** From top to bottom */
  readonly #entries: ReadonlySignal<ListEntry[]>
  /** When the row that it was at left the list (ms since 1970) */
  #pushedAt = Number.NEGATIVE_INFINITY
  readonly #stop: () => void

  constructor({ lists, search, navigation, clock }: RowCursorOptions) {
    this.#navigation = navigation
    this.#clock = clock
    this.#entries = computed(() => {
      const found = search.results.value?.messages ?? null
      const rows = lists.current.value.rows.value
      const chats = found === null ? rows : rows.slice(0, search.peopleShown.value)
      return [
        ...chats.map(({ id }) => ({ key: id, chat: id, at: null })),
        ...(found?.rows.value ?? []).map(({ chat_id: chat, message }) => ({
          key: message.id,
          chat,
          at: message.seq,
        })),
      ]
    })
    let was: { key: string | null; list: unknown; index: number } = { key: null, list: null, index: -1 }
    this.#stop = effect(() => {
      const entries = this.#entries.value
      const key = this.at.value
      const list = lists.current.value
      const index = entries.findIndex((entry) => entry.key === key)
      const { index: before } = was
      const isGone = index === -1 && before !== -1 && key === was.key && list === was.list
      was = { key, list, index }
      if (isGone) untracked(() => this.#push(entries[Math.min(before, entries.length - 1)]))
    })
  }

  /** The row was pushed to another one, so recently that a key may still be meant for the one before */
  get isPushed(): boolean {
    return this.#clock.now() - this.#pushedAt < SETTLE
  }

  close(): void {
    this.#stop()
  }

  /** To the row that takes the place of one that is about to leave the list */
  stepOff(): void {
    const isLast = this.#entries.value.at(-1)?.key === this.at.value
    this.move(isLast ? -1 : 1)
  }

  /** To the first row */
  toTop(): void {
    this.#go(this.#entries.value[0])
  }

  move(step: 1 | -1): void {
    const entries = this.#entries.value
    const from = entries.findIndex(({ key }) => key === (this.at.value ?? this.#openEntry()?.key))
    this.#go(entries[from === -1 ? 0 : Math.min(entries.length - 1, Math.max(0, from + step))])
  }

  open(): void {
    const entry = this.#entries.value.find(({ key }) => key === this.at.value)
    if (entry !== undefined) this.#navigation.navigate({ chat: entry.chat, at: entry.at })
  }

  /** Leaves the open chat and returns to its row */
  closeChat(): void {
    this.at.value = this.#openEntry()?.key ?? this.#navigation.route.value.chat
    this.#navigation.navigate({ chat: null })
    this.focus.value++
  }

  #go(entry: ListEntry | undefined): void {
    if (entry === undefined) return
    this.at.value = entry.key
    this.focus.value++
  }

  #push(entry: ListEntry | undefined): void {
    this.#pushedAt = this.#clock.now()
    this.at.value = entry?.key ?? null
  }

  #openEntry(): ListEntry | undefined {
    const { chat, at } = this.#navigation.route.value
    const ofChat = this.#entries.value.filter((entry) => entry.chat === chat)
    return ofChat.find((entry) => entry.at === at) ?? ofChat[0]
  }
}
