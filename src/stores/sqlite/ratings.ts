import type { RatingStore } from '../../server/ports/store/ratings.ts'
import { placeRated, type ActivityHead } from '../rules/activity.ts'
import { countsOfRating } from '../rules/numbers.ts'
import { isSameRating, ratingFrom, replacedRating, type RatingColumns } from '../rules/rating.ts'
import { activityWriter } from './activity-writer.ts'
import type { Database } from './database.ts'
import { lastReplyFinder, tagChangesFinder } from './episode.ts'
import { numbersWriter } from './numbers.ts'

export function ratings(db: Database): RatingStore {
  const head = db.prepare<ActivityHead & RatingColumns & { archived_at: string | null; tags: string | null }>(
    `SELECT rating_score, rating_comment, rated_at, archived_at, tags, last_activity_seq, last_activity_at FROM support_chats WHERE id = ?`,
  )
  const keep =
    db.prepare(`UPDATE support_chats SET rating_score = ?2, rating_comment = ?3, rated_at = ?4, updated_at = ?4
    WHERE id = ?1`)
  const writeActivity = activityWriter(db)
  const lastReplyOf = lastReplyFinder(db)
  const tagChangesOf = tagChangesFinder(db)
  const writeNumbers = numbersWriter(db)
  return {
    rate: (chatId, rating) =>
      db.transaction(() => {
        const chat = head.get(chatId)
        if (!chat) return undefined
        const known = ratingFrom(chat)
        const replaced = replacedRating(known, chat.archived_at)
        if (replaced && isSameRating(replaced, rating)) return { rating: replaced, activity: null }
        const counted = replaced && {
          rating: replaced,
          lastReply: lastReplyOf(chatId, replaced.rated_at),
          tagChanges: tagChangesOf(chatId),
        }
        keep.run(chatId, rating.score, rating.comment, rating.rated_at)
        const activity = placeRated(chat, rating)
        writeActivity(chatId, activity)
        writeNumbers(countsOfRating({ rating, tags: chat.tags, lastReply: lastReplyOf(chatId), replaced: counted }))
        return { rating, activity }
      }),
  }
}
