import type { BulkWork } from '../state/selection.ts'

/** What is said about the selected chats, in one language */
export interface SelectionCatalogue {
  locale: string
  label: string
  /** The box of a row */
  one: (name: string) => string
  count: (selected: number) => string
  /** While none is */
  hint: string
  /** Selects the rows that are loaded, up to the limit, and the opposite */
  all: string
  none: string
  end: string
  archive: string
  restore: string
  view: string
  assign: string
  nobody: string
  yourself: (name: string | null) => string
  tag: string
  addTag: string
  working: (tried: number, of: number) => string
  done: (work: BulkWork, chats: number) => string
  /** @param names of the first of them */
  failed: (chats: number, names: string) => string
  undo: string
}
