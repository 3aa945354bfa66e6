// How much was written, how long people waited, and what they said of it.
import { z } from 'zod'
import { MAX_UNREAD_COUNT } from '../../protocol/limits.ts'
import { MAX_NUMBER_DAYS } from '../../protocol/numbers.ts'
import type { Core } from '../core.ts'
import { limitSchema } from '../http/input.ts'
import { route } from '../http/route.ts'
import { isoTime } from '../ports/clock.ts'
import { numbers } from './schemas.ts'
import { daysUpTo, summarize } from './summarize.ts'

const query = z.object({
  days: limitSchema(MAX_NUMBER_DAYS).default(30).describe('So many days up to today, in UTC'),
})

export const numberRoutes = ({ store, clock }: Core) => [
  route({
    method: 'GET',
    path: '/admin/numbers',
    name: 'showNumbers',
    action: 'see_numbers',
    summary:
      'Shows how much was written, how long people waited for replies and how they rated the help, by day, colleague and tag',
    query,
    answers: { 200: { json: numbers } },
  })(async ({ query: { days: count } }) => {
    const days = daysUpTo(isoTime(clock.now()).slice(0, 10), count)
    const [from, to] = [days[0] ?? '', days.at(-1) ?? '']
    const [counted, ofTags, unread_chats] = await Promise.all([
      store.numbers(from, to),
      store.tagNumbers(from, to),
      store.countUnreadChats(MAX_UNREAD_COUNT),
    ])
    return { status: 200, body: { ...summarize(days, counted, ofTags), unread_chats } }
  }),
]
