import type { RatingStore } from '../../server/ports/store/ratings.ts'
import { placeRated } from '../rules/activity.ts'
import { countsOfRating } from '../rules/numbers.ts'
import { isSameRating, ratingFrom, replacedRating } from '../rules/rating.ts'
import { isUuid } from '../rules/request-values.ts'
import { writeActivities } from './activity-writer.ts'
import type { SqlDatabase } from './database.ts'
import { lastReplyOf, tagChangesOf } from './episode.ts'
import { countNumbers } from './numbers.ts'

export function ratings({ engine, transaction }: SqlDatabase): RatingStore {
  return {
    async rate(chatId, rating) {
      if (!isUuid(chatId)) return undefined
      return transaction(async (trx) => {
        const chat = await trx
          .selectFrom('support_chats')
          .select(['rating_score', 'rating_comment', 'rated_at', 'archived_at', 'tags'])
          .select(['last_activity_seq', 'last_activity_at'])
          .where('id', '=', chatId)
          .modifyEnd(engine.lock)
          .executeTakeFirst()
        if (!chat) return undefined
        const known = ratingFrom(chat)
        const replaced = replacedRating(known, chat.archived_at)
        if (replaced && isSameRating(replaced, rating)) return { rating: replaced, activity: null }
        const counted = replaced && {
          rating: replaced,
          lastReply: await lastReplyOf(trx, chatId, engine.time(replaced.rated_at)),
          tagChanges: await tagChangesOf(trx, chatId),
        }
        const at = engine.time(rating.rated_at)
        await trx
          .updateTable('support_chats')
          .set({ rating_score: rating.score, rating_comment: rating.comment, rated_at: at, updated_at: at })
          .where('id', '=', chatId)
          .execute()
        const activity = placeRated(chat, rating)
        await writeActivities(trx, engine, [{ chat_id: chatId, activity }])
        const lastReply = await lastReplyOf(trx, chatId)
        const counts = countsOfRating({ rating, tags: chat.tags, lastReply, replaced: counted })
        if (counts.length > 0) await engine.run(trx, countNumbers(engine, counts))
        return { rating, activity }
      })
    },
  }
}
