import { z } from 'zod'
import type { Core } from '../core.ts'
import { route } from '../http/route.ts'
import { isCleanText } from '../http/input.ts'
import { mergedVisitor, visitorContact } from './schemas.ts'
import { contactOf, saveContact } from './contact.ts'
import { mergeVisitor } from './merge-visitor.ts'
import { VISITOR_TOKEN } from './visitors.ts'

const mergeBody = z.strictObject({
  token: z
    .string()
    .regex(VISITOR_TOKEN, 'a visitor’s token: dbv_ and 43 characters of base64url')
    .describe('The token by which the user wrote before they signed in. It is of no more use afterwards'),
})

/** Longer ones are cut or refused anyway */
const words = z.string().max(1_000).refine(isCleanText, 'must be valid Unicode without NUL')

const contactBody = z.strictObject({
  email: words.default('').describe('Empty: none'),
  name: words.nullable().default(null),
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
  route({
    method: 'GET',
    path: '/support_chat/contact',
    name: 'readContact',
    action: 'open_own_chat',
    summary: 'Reads how the user can be reached: without an account, what they said themselves',
    answers: { 200: { json: visitorContact } },
  })(async ({ identity }) => ({ status: 200, body: await contactOf(core, identity) })),
  route({
    method: 'POST',
    path: '/support_chat/contact',
    name: 'saveContact',
    action: 'open_own_chat',
    summary:
      'Replaces how a user without an account can be reached, which staff see as unverified. Of others nothing changes',
    body: contactBody,
    answers: { 200: { json: visitorContact } },
    problems: ['not_found', 'blocked'],
  })(async ({ identity, body }) => ({ status: 200, body: await saveContact(core, identity, body) })),
]
