// The lists that the person switches between: the two tabs, and the search in the one that is open.
import { computed, effect, type ReadonlySignal } from '@preact/signals'
import type { SupportChatListItem } from '../../protocol/types.ts'
import type { ChatRows, LoadChats } from './chat-rows.ts'
import type { Clock } from './environment.ts'
import type { Search } from './search.ts'
import { TabList } from './tab-list.ts'

export interface ListsOptions {
  load: LoadChats
  clock: Clock
  inArchive: ReadonlySignal<boolean>
  search: Search
}

export class Lists {
  /** The tab that is open */
  readonly tab: ReadonlySignal<TabList>
  /** What stands in the list: the people that a search found, or the tab */
  readonly current: ReadonlySignal<ChatRows>
  readonly #tabs: TabList[]
  readonly #search: Search
  readonly #stop: () => void

  constructor({ load, clock, inArchive, search }: ListsOptions) {
    const active = new TabList({ archived: false, load, clock })
    const archived = new TabList({ archived: true, load, clock })
    this.#tabs = [active, archived]
    this.#search = search
    this.tab = computed(() => (inArchive.value ? archived : active))
    this.current = computed(() => search.results.value?.people ?? this.tab.value)
    this.#stop = effect(() => this.tab.value.start())
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

  /** Events may have been missed */
  refresh(): void {
    for (const rows of this.#all()) void rows.refresh()
    for (const { messages } of this.#search.all()) messages?.retry()
  }

  row(id: string): SupportChatListItem | undefined {
    return this.#all()
      .map((rows) => rows.row(id))
      .find((row) => row !== undefined)
  }

  /** undefined for a chat that is in no list */
  isArchived(id: string): boolean | undefined {
    const found = this.#search.results.peek()?.messages?.rows.peek()
    return this.row(id)?.archived ?? found?.find((row) => row.chat_id === id)?.archived
  }

  close(): void {
    this.#stop()
    for (const tab of this.#tabs) tab.close()
  }

  #all(): ChatRows[] {
    return [...this.#tabs, ...this.#search.all().map(({ people }) => people)]
  }
}
