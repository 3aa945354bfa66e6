import type { RatedOutcome, RatingStore } from '../../server/ports/store/ratings.ts'
import { placeRated } from '../rules/activity.ts'
import { countsOfRating } from '../rules/numbers.ts'
import { isSameRating, ratingFrom, replacedRating } from '../rules/rating.ts'
import { tagsText } from '../rules/tags.ts'
import { addActivity, addCounts } from './chat-document.ts'
import { changeChat } from './chat-writer.ts'
import type { MongoDatabase } from './database.ts'
import { lastReplyOf, tagChangesOf } from './episode.ts'

export function ratings(db: MongoDatabase): RatingStore {
  return {
    rate: (chatId, rating) =>
      changeChat<RatedOutcome>(db, chatId, async (chat) => {
        const replaced = replacedRating(ratingFrom(chat), chat.archived_at)
        if (replaced && isSameRating(replaced, rating))
          return { changed: false, result: { rating: replaced, activity: null } }
        const { score, comment, rated_at } = rating
        const lastReply = await lastReplyOf(db, chat)
        const counted = replaced && {
          rating: replaced,
          lastReply: await lastReplyOf(db, chat, replaced.rated_at),
          tagChanges: await tagChangesOf(db, chat),
        }
        addCounts(chat, countsOfRating({ rating, tags: tagsText(chat.tags), lastReply, replaced: counted }))
        Object.assign(chat, { rating_score: score, rating_comment: comment, rated_at, updated_at: rated_at })
        const activity = placeRated(chat, rating)
        addActivity(chat, activity)
        return { changed: true, result: { rating, activity } }
      }),
  }
}
