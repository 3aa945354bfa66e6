// Search in all messages, for staff, if the store supports it.
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import { MAX_FOUND, PAGE_FOUND } from '../../protocol/limits.ts'
import { MAX_SEARCH } from '../../protocol/search-query.ts'
import type { Core } from '../core.ts'
import { isCleanText, limitSchema, parse } from '../http/input.ts'
import { json, type Route } from '../http/route.ts'

const searchQuery = z.object({
  q: z
    .string()
    .max(MAX_SEARCH)
    .refine(isCleanText, 'must be valid Unicode without NUL')
    .refine((q) => q.trim() !== '', 'what to search for'),
  limit: limitSchema(MAX_FOUND).default(PAGE_FOUND),
  cursor: z
    .string()
    .regex(/^[\dA-Fa-f-]{1,36}$/, 'not made by this server')
    .optional(),
})

export function searchRoutes({ store }: Core): Route[] {
  return [
    {
      method: 'GET',
      path: '/admin/messages',
      action: 'search_messages',
      async handle({ query }) {
        if (!store.searchMessages) throw new DeskbellError('search_off')
        const { q, limit, cursor } = parse(searchQuery, query)
        return json(await store.searchMessages({ text: q, limit, cursor: cursor?.toLowerCase() }))
      },
    },
  ]
}
