// Chats of the list that are selected, and what is done with all of them at once. How it is done is loaded when it is: bulk-run.ts.
import { batch, computed, effect, signal, type ReadonlySignal } from '@preact/signals'
import type { SupportChatListItem } from '../../protocol/types.ts'

/** More than anybody checks by eye before they do something with all of them */
export const MOST_SELECTED = 100
export type BulkWork =
  | { kind: 'archive' | 'restore' | 'view' }
  /** Null: nobody is to have them */
  | { kind: 'assign'; assigneeId: string | null; name: string | null }
  | { kind: 'tag'; tag: string }

/** What became of the last work */
export interface BulkOutcome {
  work: BulkWork
  done: number
  /** It did not work for these, which stay selected */
  failed: readonly SupportChatListItem[]
  /** Those that were archived, which can be restored */
  archived: readonly SupportChatListItem[]
}

export interface SelectionOptions {
  /** The list on the screen; another one ends the selection */
  list: ReadonlySignal<{ rows: ReadonlySignal<readonly SupportChatListItem[]> }>
  /** False: what is on the screen is no list of chats alone */
  isPossible: ReadonlySignal<boolean>
  /** Does it, and says after each how many were tried. Resolves to those for which it did not work; rejects when nothing was tried */
  attempt: (
    work: BulkWork,
    chats: readonly SupportChatListItem[],
    tried: (n: number) => void,
  ) => Promise<ReadonlySet<SupportChatListItem>>
  /** All of it was tried */
  done: () => void
}

export class Selection {
  /** Whether rows can be selected */
  readonly isOn = signal(false)
  /** Those that are in the list, in its order */
  readonly chats: ReadonlySignal<readonly SupportChatListItem[]>
  readonly ids: ReadonlySignal<ReadonlySet<string>>
  /** How many of how many were tried; null: nothing is under way */
  readonly progress = signal<{ tried: number; of: number } | null>(null)
  readonly outcome = signal<BulkOutcome | null>(null)
  readonly isPossible: ReadonlySignal<boolean>
  readonly #options: SelectionOptions
  readonly #chosen = signal<ReadonlySet<string>>(new Set())
  /** Where a range begins */
  #anchor: string | null = null
  readonly #stop: () => void

  constructor(options: SelectionOptions) {
    this.#options = options
    const { list } = options
    this.isPossible = options.isPossible
    this.chats = computed(() => list.value.rows.value.filter(({ id }) => this.#chosen.value.has(id)))
    this.ids = computed(() => new Set(this.chats.value.map(({ id }) => id)))
    let shown = list.peek()
    this.#stop = effect(() => {
      if (list.value === shown) return
      shown = list.value
      this.end()
    })
  }

  toggle(id: string): void {
    const chosen = new Set(this.ids.peek())
    if (!chosen.delete(id)) chosen.add(id)
    this.#anchor = id
    this.choose(chosen)
  }

  /** From the row that was selected last to this one */
  extendTo(id: string): void {
    const rows = this.#options.list.peek().rows.peek()
    const at = (row: string | null): number => rows.findIndex((one) => one.id === row)
    const [from = -1, to = -1] = [at(this.#anchor ?? id), at(id)].sort((a, b) => a - b)
    if (from === -1) return this.toggle(id)
    this.#anchor ??= id
    this.choose([...this.ids.peek(), ...rows.slice(from, to + 1).map((row) => row.id)])
  }

  end(): void {
    batch(() => {
      this.#anchor = null
      this.isOn.value = false
      this.#chosen.value = new Set()
      this.outcome.value = null
    })
  }

  /** Never rejects: `outcome` tells */
  async run(work: BulkWork): Promise<void> {
    await this.#run(work, this.chats.peek())
  }

  /** Restores what has just been archived. Never rejects */
  async undo(): Promise<void> {
    const archived = this.outcome.peek()?.archived ?? []
    await this.#run({ kind: 'restore' }, archived)
  }

  close(): void {
    this.#stop()
  }

  async #run(work: BulkWork, chats: readonly SupportChatListItem[]): Promise<void> {
    if (this.progress.peek() !== null || chats.length === 0) return
    const { attempt, done } = this.#options
    const list = this.#options.list.peek()
    const tried = (n: number): void => {
      this.progress.value = { tried: n, of: chats.length }
    }
    this.outcome.value = null
    tried(0)
    const failed = await attempt(work, chats, tried).catch(() => new Set(chats))
    done()
    const kept = chats.filter((chat) => failed.has(chat))
    const worked = chats.filter((chat) => !failed.has(chat))
    batch(() => {
      this.progress.value = null
      // Who has gone to another list meanwhile, has ended the selection
      if (this.#options.list.peek() !== list) return
      this.#chosen.value = new Set(kept.map(({ id }) => id))
      this.outcome.value = { work, done: worked.length, failed: kept, archived: work.kind === 'archive' ? worked : [] }
    })
  }

  /** These and no others, from the first on. With none it only begins */
  choose(ids: Iterable<string>): void {
    if (!this.isPossible.peek()) return
    batch(() => {
      this.isOn.value = true
      this.outcome.value = null
      this.#chosen.value = new Set([...new Set(ids)].slice(0, MOST_SELECTED))
    })
  }
}
