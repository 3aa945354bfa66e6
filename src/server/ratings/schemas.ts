// What the routes of this room answer, as schemas. Their types are in src/protocol
import { z } from 'zod'
import { time } from '../http/answer-fields.ts'

export const supportRating = z.object({
  score: z.int().min(1).max(5).describe('From 1, bad, to 5, great'),
  comment: z.string().nullable().describe('Plain text, at most 1,000 characters; null: nothing'),
  rated_at: time.describe('ISO 8601'),
})

export const ratingRequest = z.object({
  about: time
    .nullable()
    .describe(
      'When staff archived the chat, ISO 8601, if the user has not rated it since; null: there is nothing to ask',
    ),
})
