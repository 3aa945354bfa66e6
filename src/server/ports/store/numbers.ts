/** Of what is counted by tag too: see `NumberKind` */
export type TagNumberKind = 'wait' | 'open_wait' | 'archive' | 'last' | 'open_last' | 'rating'

/**
 * `chat`: chats that began · `user`, `staff`: messages · `wait`: replies to somebody who had waited, by how long · `archive`: chats that were
 * archived after something was written · `last`: those of them with a reply, by how long the last one took · `open_wait`, `open_last`: the
 * same, of the hours in which staff are there · `rating`: by the score
 */
export type NumberKind = 'chat' | 'user' | 'staff' | TagNumberKind

/** @returns for how long staff were there between two times (ms) */
export type OpenTime = (from: number, to: number) => number

export interface CountedNumber {
  /** `YYYY-MM-DD`, in UTC */
  day: string
  kind: NumberKind
  /** Who of staff: who wrote the reply, or the last one before the archive or the rating; empty: nobody of them */
  agent_id: string
  /** As they were called when they last wrote that day */
  agent_name: string | null
  /** See `waitBucket`; the score of a rating; 0 for the rest */
  bucket: number
  /** Less than 0 where more was taken back than counted: two chats with a rating each may have become one in between */
  n: number
}

/** The same for each tag that the chat had then */
export interface TagNumber {
  kind: TagNumberKind
  tag: string
  bucket: number
  n: number
}

/**
 * Written by `appendMessages`, `setArchived` and `rate`, in the transaction of what is counted: each is counted once, and a rating that
 * replaces another one takes its place
 */
export interface NumberStore {
  /** All that was counted on these days, both included, in any order */
  numbers(from: string, to: string): Promise<CountedNumber[]>
  /** The same by tag, added up over the days */
  tagNumbers(from: string, to: string): Promise<TagNumber[]>
}
