// Sending and reading messages, for the user (`support_chat/…`) and for staff (`admin/chats/:id/…`).
import { z } from 'zod'
import type { MessagePage } from '../../protocol/types.ts'
import { ensureChat, findChat } from '../chats/open.ts'
import type { Core } from '../core.ts'
import { clientIdSchema, pageQuery, readJson, seqSchema } from '../http/input.ts'
import { json, type Route } from '../http/route.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import { markRead } from './mark-read.ts'
import { sendMessage } from './send.ts'

const sendBody = z.strictObject({ content: z.string(), client_id: clientIdSchema })
const readBody = z.strictObject({ up_to_seq: seqSchema.optional() })

export function messageRoutes(core: Core): Route[] {
  async function page(chat: ChatRecord, query: Record<string, string>): Promise<Response> {
    const { user_read_seq, user_read_at, admin_viewed_seq, admin_viewed_at, archived_at } = chat
    const body: MessagePage = {
      ...(await core.store.messages(chat.id, pageQuery(query))),
      epoch: core.store.epoch,
      // Polling clients get read marks only here
      user_read_seq,
      user_read_at,
      admin_viewed_seq,
      admin_viewed_at,
      archived: archived_at !== null,
    }
    return json(body)
  }

  return [
    {
      method: 'GET',
      path: '/support_chat/messages',
      action: 'open_own_chat',
      handle: async ({ identity, query, onlyLooks }) => page(await ensureChat(core, { identity, onlyLooks }), query),
    },
    {
      method: 'POST',
      path: '/support_chat/messages',
      action: 'open_own_chat',
      hasOwnLimit: true,
      async handle({ identity, request }) {
        const { content, client_id } = await readJson(request, sendBody)
        const chat = await ensureChat(core, { identity })
        const { message, repeated } = await sendMessage(core, {
          sender: identity,
          chat,
          content,
          clientId: client_id ?? null,
        })
        return json(message, repeated ? 200 : 201)
      },
    },
    {
      method: 'PATCH',
      path: '/support_chat/mark_read',
      action: 'open_own_chat',
      async handle({ identity, request }) {
        const { up_to_seq } = await readJson(request, readBody)
        const chat = await ensureChat(core, { identity })
        return json({ up_to_seq: await markRead(core, { reader: identity, chat, upTo: up_to_seq }) })
      },
    },
    {
      method: 'GET',
      path: '/admin/chats/:id/messages',
      action: 'use_desk',
      handle: async ({ identity, params, query }) =>
        page(await findChat(core, { identity, action: 'read_chat', id: params['id'] }), query),
    },
    {
      method: 'POST',
      path: '/admin/chats/:id/messages',
      action: 'use_desk',
      hasOwnLimit: true,
      async handle({ identity, params, request }) {
        const { content, client_id } = await readJson(request, sendBody)
        const chat = await findChat(core, { identity, action: 'send_message', id: params['id'] })
        const { message, repeated } = await sendMessage(core, {
          sender: identity,
          chat,
          content,
          clientId: client_id ?? null,
        })
        return json(message, repeated ? 200 : 201)
      },
    },
    {
      method: 'POST',
      path: '/admin/chats/:id/mark_viewed',
      action: 'use_desk',
      async handle({ identity, params, request }) {
        const { up_to_seq } = await readJson(request, readBody)
        const chat = await findChat(core, { identity, action: 'mark_read', id: params['id'] })
        return json({ up_to_seq: await markRead(core, { reader: identity, chat, upTo: up_to_seq }) })
      },
    },
  ]
}
