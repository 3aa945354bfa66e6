import type { SupportActivity } from '../../../protocol/activity.ts'
import type { Actor } from './activities.ts'

export interface Tagging {
  /** Who did it; null: nobody of staff */
  actor: Actor | null
  at: string
}

export interface TaggedOutcome {
  /** What the chat has now, in order of code points */
  tags: string[]
  /** That they changed; null: they were the same */
  activity: SupportActivity | null
}

/** The tags of chats. `appendMessages`, `setArchived` and a merge keep them in the order of the list; the list itself is `ChatStore.listChats` */
export interface TagStore {
  /**
   * With the activity of it, in one transaction under the chat's lock.
   * @param change returns the tags from what they are; it may be called again, and what it throws is passed on
   * @returns undefined: there is no such chat
   */
  changeTags(chatId: string, change: (tags: string[]) => string[], tagging: Tagging): Promise<TaggedOutcome | undefined>
  /** Those that some chat has, in order of code points */
  knownTags(limit: number): Promise<string[]>
}
