import { z } from 'zod'
import type { Core } from '../core.ts'
import { route } from '../http/route.ts'
import { mergedVisitor } from '../http/schemas.ts'
import { mergeVisitor } from './merge-visitor.ts'
import { VISITOR_TOKEN } from './visitors.ts'

const mergeBody = z.strictObject({
  token: z
    .string()
    .regex(VISITOR_TOKEN, 'a visitor’s token: dbv_ and 43 characters of base64url')
    .describe('The token by which the user wrote before they signed in. It is of no more use afterwards'),
})

export const visitorRoutes = (core: Core) => [
  route({
    method: 'POST',
    path: '/support_chat/visitor',
    name: 'mergeVisitor',
    action: 'open_own_chat',
    summary: 'Gives what the user wrote without an account to their account, once',
    body: mergeBody,
    answers: { 200: { json: mergedVisitor } },
  })(async ({ identity, body: { token } }) => ({
    status: 200,
    body: { merged: await mergeVisitor(core, { identity, token }) },
  })),
]
