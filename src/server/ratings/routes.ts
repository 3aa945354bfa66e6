// What users think of the help that they got: asked for once after each archive.
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import { MAX_RATING_COMMENT } from '../../protocol/ratings.ts'
import type { Core } from '../core.ts'
import { CLEAN_TEXT, isCleanText } from '../http/input.ts'
import { route } from '../http/route.ts'
import { personKey } from '../people/identity.ts'
import { refuseBlocked } from '../people/policy.ts'
import { isoTime } from '../ports/clock.ts'
import { ratingRequest, supportRating } from './schemas.ts'

const ratingBody = z.strictObject({
  score: z.int().min(1).max(5).describe('From 1, bad, to 5, great'),
  comment: z
    .string()
    .max(MAX_RATING_COMMENT)
    .refine(isCleanText, 'must be valid Unicode without NUL')
    .meta({ pattern: CLEAN_TEXT })
    .nullable()
    .default(null)
    .describe('Plain text'),
})

export function ratingRoutes({ store, clock, events, rateLimit, observer }: Core) {
  return [
    route({
      method: 'GET',
      path: '/support_chat/rating',
      name: 'readRatingRequest',
      action: 'rate_chat',
      summary:
        'Tells whether the user is to be asked how the help was: staff archived the chat, which was not rated since',
      answers: { 200: { json: ratingRequest } },
    })(async ({ identity }) => {
      const chat = await store.findChatOf(identity.id)
      const [row] = chat && chat.archived_at !== null ? await store.listItems([chat.id]) : []
      const isRated = (row?.rating?.rated_at ?? '') > (chat?.archived_at ?? '')
      const mayRate = row && !isRated && row.blocked_at === null
      return { status: 200, body: { about: mayRate ? (chat?.archived_at ?? null) : null } }
    }),
    route({
      method: 'POST',
      path: '/support_chat/rating',
      name: 'rateChat',
      action: 'rate_chat',
      summary: 'Says how the help was. The last rating counts; the same one again changes nothing',
      hasOwnLimit: true,
      body: ratingBody,
      answers: { 200: { json: supportRating } },
      problems: ['not_found', 'blocked'],
    })(async ({ identity, body: { score, comment } }) => {
      rateLimit?.take(personKey(identity))
      const chat = await store.findChatOf(identity.id)
      if (chat) refuseBlocked(identity, chat)
      const given = { score, comment: comment?.trim() || null, rated_at: isoTime(clock.now()) }
      const outcome = chat && (await store.rate(chat.id, given))
      if (!chat || !outcome) throw new DeskbellError('not_found', 'There is no chat to rate')
      const { rating, activity } = outcome
      if (activity) {
        events.emit([{ type: 'activity', chat, activity }])
        observer?.rated?.(rating.score)
      }
      return { status: 200, body: rating }
    }),
  ]
}
