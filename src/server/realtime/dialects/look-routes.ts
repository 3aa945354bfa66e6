// Looking at a chat as a request, for staff without a socket.
import { z } from 'zod'
import { findChat } from '../../chats/open.ts'
import { chatParams } from '../../chats/routes.ts'
import type { Core } from '../../core.ts'
import { route } from '../../http/route.ts'

const lookBody = z.strictObject({
  writing: z.enum(['reply', 'note']).nullable().default(null).describe('What they write meanwhile; null: nothing'),
})

export const lookRoutes = (core: Core) => [
  route({
    method: 'POST',
    path: '/admin/chats/:id/look',
    name: 'showLooking',
    action: 'read_activity',
    summary:
      'Shows the other staff in a chat, for 25 seconds, that the caller looks at it. Those who follow its activity hear it; nothing is stored',
    params: chatParams,
    body: lookBody,
    answers: { 204: {} },
  })(async ({ identity, params, body: { writing } }) => {
    const chat = await findChat(core, { identity, action: 'read_activity', id: params.id })
    core.hub.look(chat.id, { id: identity.id, name: identity.name, writing })
    return { status: 204 }
  }),
]
