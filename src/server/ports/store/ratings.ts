import type { SupportActivity } from '../../../protocol/activity.ts'
import type { SupportRating } from '../../../protocol/ratings.ts'

export interface RatedOutcome {
  rating: SupportRating
  /** That it is new; null: the chat has the same one already, and nothing was written */
  activity: SupportActivity | null
}

/** The last rating of each chat. Rows of the list have it */
export interface RatingStore {
  /**
   * With the activity of it, in one transaction under the chat's lock.
   * @returns undefined: there is no such chat
   */
  rate(chatId: string, rating: SupportRating): Promise<RatedOutcome | undefined>
}
