import type { FoundPage } from '../../../protocol/types.ts'

export interface SearchQuery {
  /** What a person typed. `parseSearch` defines its meaning */
  text: string
  limit: number
  /** `next` of the page before */
  cursor?: string | undefined
}

export interface SearchStore {
  /**
   * Chats in order of their newest matching message, newest first. The cost is bounded, however many messages match: a page may be
   * short or empty and still have a `next`, and the same chat may then appear on a later page with an older match. A cursor that
   * the store did not issue finds nothing.
   */
  readonly searchMessages: (query: SearchQuery) => Promise<FoundPage>
}
