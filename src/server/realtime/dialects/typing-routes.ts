// Typing as a request, for clients without a socket.
import { z } from 'zod'
import { ensureChat, findChat } from '../../chats/open.ts'
import { chatParams } from '../../chats/routes.ts'
import { UnwrittenChat } from '../../chats/unwritten-chat.ts'
import type { Core } from '../../core.ts'
import { route } from '../../http/route.ts'
import { sideOf, type Identity } from '../../people/identity.ts'
import { refuseBlocked } from '../../people/policy.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'

const typingBody = z.strictObject({ typing: z.boolean() })
const TYPING = { body: typingBody, answers: { 204: {} }, problems: ['blocked'] } as const

export function typingRoutes(core: Core) {
  function show(identity: Identity, chat: ChatRecord, { typing }: z.output<typeof typingBody>) {
    refuseBlocked(identity, chat)
    // Staff do not see the chat yet
    if (chat instanceof UnwrittenChat) return { status: 204 } as const
    core.hub.typing(chat.id, { type: 'typing', sender_type: sideOf(identity), name: identity.name, typing })
    return { status: 204 } as const
  }

  return [
    route({
      method: 'POST',
      path: '/support_chat/typing',
      name: 'showOwnTyping',
      action: 'open_own_chat',
      summary: 'Shows staff that the user is typing, or has stopped',
      ...TYPING,
    })(async ({ identity, body }) => show(identity, await ensureChat(core, { identity }), body)),
    route({
      method: 'POST',
      path: '/admin/chats/:id/typing',
      name: 'showTyping',
      action: 'use_desk',
      summary: 'Shows the user that staff is typing, or has stopped',
      params: chatParams,
      ...TYPING,
    })(async ({ identity, params, body }) =>
      show(identity, await findChat(core, { identity, action: 'show_typing', id: params.id }), body),
    ),
  ]
}
