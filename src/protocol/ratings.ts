// What users think of the help that they got.

/** Characters (UTF-16 units) of what a user says with a rating */
export const MAX_RATING_COMMENT = 1_000

/** `POST support_chat/rating`, and the last one of a chat */
export interface SupportRating {
  /** From 1, bad, to 5, great */
  score: number
  /** Plain text, at most 1,000 characters; null: nothing */
  comment: string | null
  /** ISO 8601 */
  rated_at: string
}

/** `GET support_chat/rating` */
export interface RatingRequest {
  /** When staff archived the chat, ISO 8601, if the user has not rated it since; null: there is nothing to ask */
  about: string | null
}
