// What the route of this room answers, as schemas. Their types are in src/protocol
import { z } from 'zod'
import { count } from '../http/answer-fields.ts'

const replyTimes = {
  replies: count.describe('Replies to somebody who had waited'),
  median_s: count
    .nullable()
    .describe('Half of them had waited no longer (seconds, within 10 %); null: there were none'),
  p90_s: count.nullable().describe('Nine of ten had waited no longer'),
  open_median_s: count
    .nullable()
    .describe('As `median_s`, of the hours in which staff are there; null: no hours are set, or there were none'),
  open_p90_s: count.nullable().describe('As `p90_s`, of the hours in which staff are there'),
  archived: count.describe('Chats that were archived after something was written'),
  last_median_s: count
    .nullable()
    .describe(
      'From the first message of a chat, or the one that brought it back, to the last reply before its archive: half of them took no longer',
    ),
  last_p90_s: count.nullable().describe('Nine of ten took no longer'),
  open_last_median_s: count.nullable().describe('As `last_median_s`, of the hours in which staff are there'),
  open_last_p90_s: count.nullable().describe('As `last_p90_s`, of the hours in which staff are there'),
  ratings: count.describe('Users who said how the help was'),
  rating: z
    .number()
    .min(1)
    .max(5)
    .nullable()
    .describe('The mean of what they said, from 1, bad, to 5, great; null: there were none'),
}

export const dayNumbers = z.object({
  day: z.string().describe('`YYYY-MM-DD`, in UTC'),
  chats: count.describe('Chats that began'),
  user_messages: count,
  staff_messages: count,
  ...replyTimes,
})

export const colleagueNumbers = z.object({
  id: z.string(),
  name: z.string().nullable(),
  messages: count,
  ...replyTimes,
})

export const tagNumbers = z.object({ tag: z.string(), ...replyTimes })

export const numbers = z.object({
  days: z.array(dayNumbers).describe('Each day, the oldest first, also where nothing happened. The last one is today'),
  colleagues: z.array(colleagueNumbers).describe('Whoever of staff wrote in these days, most messages first'),
  tags: z.array(tagNumbers).describe('Chats that had a tag when it happened, most archived first; at most 100'),
  unread_chats: count.describe('Active chats with something unread, now, at most 1,000'),
  ...replyTimes,
})
