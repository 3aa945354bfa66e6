// People, for staff: who was here, found by name or address.
import { z } from 'zod'
import type { Core } from '../core.ts'
import { CLEAN_TEXT, isCleanText } from '../http/input.ts'
import { route } from '../http/route.ts'
import { foundPeople } from './schemas.ts'

const MOST = 20

const peopleQuery = z.object({
  q: z
    .string()
    .max(320)
    .refine(isCleanText, 'must be valid Unicode without NUL')
    .meta({ pattern: CLEAN_TEXT })
    .describe(
      'The start of a name, of one of its first four words, or of an e-mail address, in whatever case. Blank: nobody',
    ),
})

export const peopleSearchRoutes = ({ store }: Core) => [
  route({
    method: 'GET',
    path: '/admin/people',
    name: 'findPeople',
    action: 'find_people',
    summary: 'Finds people who were here, with or without a chat',
    query: peopleQuery,
    answers: { 200: { json: foundPeople } },
  })(async ({ query: { q } }) => {
    const start = q.trim().replace(/\s+/g, ' ')
    return { status: 200, body: { people: start === '' ? [] : await store.searchPeople(start, MOST) } }
  }),
]
