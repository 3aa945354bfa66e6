// The row that the keyboard is at, in a list or in what a search found.
import { computed, signal, type ReadonlySignal } from '@preact/signals'
import type { Lists } from './lists.ts'
import type { Navigation } from './navigation.ts'
import type { Search } from './search.ts'

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
}

export class RowCursor {
  /** The key of the row */
  readonly at = signal<string | null>(null)
  /** Counts up when the list should scroll to the row and focus it */
  readonly focus = signal(0)
  readonly #navigation: Navigation
  /** From top to bottom */
  readonly #entries: ReadonlySignal<ListEntry[]>

  constructor({ lists, search, navigation }: RowCursorOptions) {
    this.#navigation = navigation
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
  }

  move(step: 1 | -1): void {
    const entries = this.#entries.value
    const from = entries.findIndex(({ key }) => key === (this.at.value ?? this.#openEntry()?.key))
    const next = entries[from === -1 ? 0 : Math.min(entries.length - 1, Math.max(0, from + step))]
    if (next === undefined) return
    this.at.value = next.key
    this.focus.value++
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

  #openEntry(): ListEntry | undefined {
    const { chat, at } = this.#navigation.route.value
    const ofChat = this.#entries.value.filter((entry) => entry.chat === chat)
    return ofChat.find((entry) => entry.at === at) ?? ofChat[0]
  }
}
