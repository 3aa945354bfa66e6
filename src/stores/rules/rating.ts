import type { SupportRating } from '../../protocol/ratings.ts'

/** The columns of a chat's rating; null: it has none */
export interface RatingColumns {
  rating_score: number | null
  rating_comment: string | null
  rated_at: string | null
}

export const NO_RATING: RatingColumns = { rating_score: null, rating_comment: null, rated_at: null }

export const ratingFrom = ({
  rating_score: score,
  rating_comment: comment,
  rated_at,
}: RatingColumns): SupportRating | null => (score === null || rated_at === null ? null : { score, comment, rated_at })

/** A rating after the same archive, which the next one replaces; null: there is none */
export const replacedRating = (stored: SupportRating | null, archivedAt: string | null): SupportRating | null =>
  stored && stored.rated_at > (archivedAt ?? '') ? stored : null

/** Sent again, whenever that was */
export const isSameRating = (stored: SupportRating, { score, comment }: SupportRating): boolean =>
  stored.score === score && stored.comment === comment

/** Of two chats that become one: the newer one */
export const newerRating = (a: RatingColumns, b: RatingColumns): RatingColumns => {
  const { rating_score, rating_comment, rated_at } = (a.rated_at ?? '') >= (b.rated_at ?? '') ? a : b
  return { rating_score, rating_comment, rated_at }
}
