// Search in all messages, for staff, if the store supports it.
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import { MAX_FOUND, PAGE_FOUND } from '../../protocol/limits.ts'
import { MAX_SEARCH } from '../../protocol/search-query.ts'
import type { Core } from '../core.ts'
import { isCleanText, limitSchema } from '../http/input.ts'
import { route } from '../http/route.ts'
import { foundPage } from './schemas.ts'

const searchQuery = z.object({
  q: z
    .string()
    .max(MAX_SEARCH)
    .refine(isCleanText, 'must be valid Unicode without NUL')
    .regex(/\S/, 'what to search for')
    .meta({
      pattern: '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$',
      description: 'All words must occur; the last may be the start of one. `"a phrase"`, `-without`, `this or that`',
    }),
  limit: limitSchema(MAX_FOUND).default(PAGE_FOUND).describe('How many chats at most'),
  cursor: z
    .string()
    .regex(/^[\dA-Fa-f-]{1,36}$/, 'not made by this server')
    .optional()
    .describe('`next` of the page before'),
})

export function searchRoutes({ store }: Core) {
  return [
    route({
      method: 'GET',
      path: '/admin/messages',
      name: 'searchMessages',
      action: 'search_messages',
      summary: 'Finds chats by what was written in them, the newest match first',
      query: searchQuery,
      answers: { 200: { json: foundPage } },
      problems: ['search_off'],
    })(async ({ query: { q, limit, cursor } }) => {
      if (!store.searchMessages) throw new DeskbellError('search_off')
      return { status: 200, body: await store.searchMessages({ text: q, limit, cursor: cursor?.toLowerCase() }) }
    }),
  ]
}
