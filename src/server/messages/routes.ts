// Sending and reading messages, for the user (`support_chat/…`) and for staff (`admin/chats/:id/…`).
import { z } from 'zod'
import { MAX_CONTENT, MAX_FILES } from '../../protocol/limits.ts'
import type { MessagePage } from '../../protocol/types.ts'
import { ensureChat, findChat } from '../chats/open.ts'
import { chatParams } from '../chats/routes.ts'
import type { Core } from '../core.ts'
import { CLEAN_TEXT, clientIdSchema, idSchema, messageRange, rangeSchema, seqSchema } from '../http/input.ts'
import { route } from '../http/route.ts'
import { markedRead, messagePage, supportMessage } from './schemas.ts'
import type { Identity } from '../people/identity.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import { markRead } from './mark-read.ts'
import { readPage } from './read-page.ts'
import { sendMessage } from './send.ts'

const sendBody = z.strictObject({
  // Checked where messages are written, whatever they come by
  content: z
    .string()
    .meta({ maxLength: MAX_CONTENT, pattern: CLEAN_TEXT, description: 'Plain text, not blank unless there are files' }),
  attachment_ids: z
    .array(idSchema)
    .max(MAX_FILES)
    .optional()
    .describe('Files that the sender uploaded to this chat, each for one message. `content` may be empty then'),
  client_id: clientIdSchema.describe('Makes it safe to send again: the same id and content are stored once'),
})
const readBody = z.strictObject({
  up_to_seq: seqSchema.optional().describe('What comes later stays unread. Default: everything is read'),
})

const SENDING = {
  hasOwnLimit: true,
  body: sendBody,
  answers: {
    201: { json: supportMessage },
    200: { json: supportMessage, when: 'The `client_id` came before: the message that is stored under it' },
  },
  problems: ['blank', 'too_long', 'conflict', 'attachment_gone'],
} as const

export function messageRoutes(core: Core) {
  const page = (chat: ChatRecord, query: z.output<typeof rangeSchema>): Promise<MessagePage> =>
    readPage(core.store, chat, messageRange(query))

  async function send(
    sender: Identity,
    chat: ChatRecord,
    { content, client_id, attachment_ids }: z.output<typeof sendBody>,
  ) {
    const outgoing = { sender, chat, content, clientId: client_id ?? null, attachmentIds: attachment_ids }
    const { message, repeated } = await sendMessage(core, outgoing)
    return { status: repeated ? 200 : 201, body: message } as const
  }

  return [
    route({
      method: 'GET',
      path: '/support_chat/messages',
      name: 'listOwnMessages',
      action: 'open_own_chat',
      summary:
        'Lists a page of the messages of the user’s chat, oldest first; the newest without `after`, `before` or `since`',
      query: rangeSchema,
      answers: { 200: { json: messagePage } },
      problems: ['not_found'],
    })(async ({ identity, query, onlyLooks }) => ({
      status: 200,
      body: await page(await ensureChat(core, { identity, onlyLooks }), query),
    })),
    route({
      method: 'POST',
      path: '/support_chat/messages',
      name: 'sendOwnMessage',
      action: 'open_own_chat',
      summary: 'Sends a message of the user',
      ...SENDING,
      problems: [...SENDING.problems, 'blocked'],
    })(async ({ identity, body }) => send(identity, await ensureChat(core, { identity }), body)),
    route({
      method: 'PATCH',
      path: '/support_chat/mark_read',
      name: 'markOwnRead',
      action: 'open_own_chat',
      summary: 'Marks the replies to the user as read',
      body: readBody,
      answers: { 200: { json: markedRead } },
    })(async ({ identity, body }) => {
      const chat = await ensureChat(core, { identity })
      return {
        status: 200,
        body: { up_to_seq: await markRead(core, { reader: identity, chat, upTo: body.up_to_seq }) },
      }
    }),
    route({
      method: 'GET',
      path: '/admin/chats/:id/messages',
      name: 'listMessages',
      action: 'use_desk',
      summary:
        'Lists a page of the messages of a chat, oldest first; the newest without `after`, `before` or `since`. Marks nothing as viewed',
      params: chatParams,
      query: rangeSchema,
      answers: { 200: { json: messagePage } },
    })(async ({ identity, params, query }) => ({
      status: 200,
      body: await page(await findChat(core, { identity, action: 'read_chat', id: params.id }), query),
    })),
    route({
      method: 'POST',
      path: '/admin/chats/:id/messages',
      name: 'sendMessage',
      action: 'use_desk',
      summary: 'Sends a reply of staff',
      params: chatParams,
      ...SENDING,
    })(async ({ identity, params, body }) =>
      send(identity, await findChat(core, { identity, action: 'send_message', id: params.id }), body),
    ),
    route({
      method: 'POST',
      path: '/admin/chats/:id/mark_viewed',
      name: 'markViewed',
      action: 'use_desk',
      summary: 'Marks the messages of a chat’s user as viewed by staff',
      params: chatParams,
      body: readBody,
      answers: { 200: { json: markedRead } },
    })(async ({ identity, params, body }) => {
      const chat = await findChat(core, { identity, action: 'mark_read', id: params.id })
      return {
        status: 200,
        body: { up_to_seq: await markRead(core, { reader: identity, chat, upTo: body.up_to_seq }) },
      }
    }),
  ]
}
