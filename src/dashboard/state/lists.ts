// The lists that the person switches between: the two tabs, and the search in the one that is open.
import { computed, effect, type ReadonlySignal } from '@preact/signals'
import type { Whose } from '../../client/staff/list-order.ts'
import type { SupportChatListItem } from '../../protocol/types.ts'
import type { ChatRows, LoadChats } from './chat-rows.ts'
import type { Clock } from './environment.ts'
import type { Route } from './navigation.ts'
import type { Search } from './search.ts'
import { TabList } from './tab-list.ts'

export interface ListsOptions {
  load: LoadChats
  clock: Clock
  inArchive: ReadonlySignal<boolean>
  /** Whose chats are shown; null: everybody's */
  whose: ReadonlySignal<Whose | null>
  /** Only chats with this tag; null: all */
  tag: ReadonlySignal<string | null>
  /** Only chats in which somebody waits */
  waiting: ReadonlySignal<boolean>
  /** Who looks, as a `personTag` */
  person: () => string | null
  search: Search
}

type Shown = Pick<Route, 'archived' | 'assignee' | 'tag' | 'waiting'>

const keyOf = ({ archived, assignee, tag, waiting }: Shown): string => `${archived} ${assignee} ${waiting} ${tag}`

/** Asks for the newest chats */
const NEWEST = { archived: false }

export class Lists {
  /** The tab that is open */
  readonly tab: ReadonlySignal<TabList>
  /** What stands in the list: the people that a search found, or the tab */
  readonly current: ReadonlySignal<ChatRows>
  /** Each from when it is shown first */
  readonly #tabs = new Map<string, TabList>()
  /** Those that may have missed events, and load anew when they are shown again */
  readonly #outdated = new Set<TabList>()
  readonly #load: LoadChats
  readonly #search: Search
  readonly #stop: () => void

  constructor({ load, clock, inArchive, whose, tag, waiting, person, search }: ListsOptions) {
    const tabOf = (shown: Shown): TabList => {
      const key = keyOf(shown)
      const list = this.#tabs.get(key) ?? new TabList({ ...shown, person, load, clock })
      this.#tabs.set(key, list)
      return list
    }
    this.#load = load
    this.#search = search
    this.tab = computed(() =>
      tabOf({ archived: inArchive.value, assignee: whose.value, tag: tag.value, waiting: waiting.value }),
    )
    this.current = computed(() => search.results.value?.people ?? this.tab.value)
    this.#stop = effect(() => {
      const tab = this.tab.value
      tab.start()
      if (this.#outdated.delete(tab)) void tab.refresh()
    })
  }

  /** A row of the server's list changed, or is new */
  apply(chat: SupportChatListItem): void {
    for (const rows of this.#all()) rows.apply(chat)
    for (const { messages } of this.#search.all()) messages?.apply(chat)
  }

  /** Archived or restored, where no event says so */
  applyArchived(id: string, archived: boolean): void {
    const row = this.row(id)
    if (row !== undefined) this.apply({ ...row, archived })
    else for (const { messages } of this.#search.all()) messages?.apply({ id, archived })
  }

  /** The chat was erased */
  drop(id: string): void {
    for (const rows of this.#all()) rows.drop(id)
    for (const { messages } of this.#search.all()) messages?.drop(id)
  }

  /** Events may have been missed. What is not on the screen waits until it is, however many filters were used */
  refresh(): void {
    const shown = this.tab.peek()
    for (const tab of this.#tabs.values()) if (tab !== shown) this.#outdated.add(tab)
    void shown.refresh()
    for (const { people, messages } of this.#search.all()) {
      void people.refresh()
      messages?.retry()
    }
    // A reconnect asks again
    if (shown !== this.#newest()) void this.#load(NEWEST).catch(() => undefined)
  }

  /** As `ChatRows.poll`. Where something else stands in the list, it also asks for the newest chats, in which news are found */
  async poll(): Promise<boolean> {
    const current = this.current.peek()
    const isAsked = await current.poll()
    if (isAsked && current !== this.#newest()) await this.#load(NEWEST)
    return isAsked
  }

  row(id: string): SupportChatListItem | undefined {
    return [this.tab.peek(), ...this.#all()].map((rows) => rows.row(id)).find((row) => row !== undefined)
  }

  /** undefined for a chat that is in no list */
  isArchived(id: string): boolean | undefined {
    const found = this.#search.results.peek()?.messages?.rows.peek()
    return this.row(id)?.archived ?? found?.find((row) => row.chat_id === id)?.archived
  }

  close(): void {
    this.#stop()
    for (const tab of this.#tabs.values()) tab.close()
  }

  /** The list of the newest chats, in which news are found; undefined until it is shown */
  #newest(): TabList | undefined {
    return this.#tabs.get(keyOf({ archived: false, assignee: null, tag: null, waiting: false }))
  }

  #all(): ChatRows[] {
    return [...this.#tabs.values(), ...this.#search.all().map(({ people }) => people)]
  }
}
