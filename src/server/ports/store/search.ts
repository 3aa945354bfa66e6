import type { FoundPage } from '../../../protocol/types.ts'

export interface SearchQuery {
  /** As a person typed it; `parseSearch` (protocol/search-query.ts) says what it means */
  text: string
  limit: number
  /** `next` of the page before */
  cursor?: string | undefined
}

export interface SearchStore {
  /**
   * Chats in order of their newest message that matches, newest first. Its cost is bounded, however many messages match: a page
   * may be short or empty and still have a `next`. When the words are that common, a chat can come again on a later page with an
   * older match. A cursor that the store did not issue finds nothing.
   */
  readonly searchMessages: (query: SearchQuery) => Promise<FoundPage>
}
