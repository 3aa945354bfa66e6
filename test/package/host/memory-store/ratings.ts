import type { RatingStore } from 'deskbell/core'
import { tell } from './activities.ts'
import { countRating } from './numbers.ts'
import type { Tables } from './tables.ts'

export const ratingFacet = (tables: Tables): RatingStore => ({
  async rate(chatId, rating) {
    const chat = tables.open.chats.get(chatId)
    if (!chat) return undefined
    const { rating: known, archived_at } = chat
    const replaced = known && known.rated_at > (archived_at ?? '') ? known : null
    const isSame = replaced?.score === rating.score && replaced.comment === rating.comment
    if (replaced && isSame) return { rating: replaced, activity: null }
    countRating(tables, chat, rating, replaced)
    chat.rating = rating
    const { score, comment, rated_at: at } = rating
    return { rating, activity: tell(chat, { kind: 'rated', body: { score, comment } }, { at }) }
  },
})
