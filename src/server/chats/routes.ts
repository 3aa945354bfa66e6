import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import { MAX_LIST_SIZE, MAX_UNREAD_COUNT, PAGE_SIZE } from '../../protocol/limits.ts'
import type { Core } from '../core.ts'
import { flagSchema, idSchema, CLEAN_TEXT, isCleanText, limitSchema, pageUrl } from '../http/input.ts'
import { route } from '../http/route.ts'
import { tagSchema } from '../tags/schemas.ts'
import {
  adminSupportChat,
  archivedChat,
  ownUnread,
  resubscribedUser,
  supportChat,
  supportChatListItem,
  unblockedMail,
  unreadCount,
} from './schemas.ts'
import { markRead } from '../messages/mark-read.ts'
import { repliesByEmail } from '../notifications/replies-by-email.ts'
import type { Identity } from '../people/identity.ts'
import { isoTime } from '../ports/clock.ts'
import type { Actor } from '../ports/store/activities.ts'
import { adminChat } from './admin-chat.ts'
import { setArchived } from './archive.ts'
import { listPage } from './list.ts'
import { ensureChat, findChat } from './open.ts'
import { attachmentsOf, realtimeOf } from './shown.ts'
import { startChat } from './start.ts'

export const userParams = z.object({ id: z.string().describe('The user, as the host names them') })
export const chatParams = z.object({ id: idSchema.describe('The chat') })

const listQuery = z.object({
  archived: flagSchema.default(false).describe('The archive instead of the active chats'),
  limit: limitSchema(MAX_LIST_SIZE).default(PAGE_SIZE).describe('How many chats at most'),
  cursor: z.string().max(1000).optional().describe('From the `Link` with `rel="next"` of the page before'),
  q: z
    .string()
    .max(320)
    .refine(isCleanText, 'must be valid Unicode without NUL')
    .meta({ pattern: CLEAN_TEXT })
    .optional()
    .describe(
      'Words with which words of a name begin, in whatever order and case, or the start of an e-mail address. Of names, the longest of the first four words must begin one of the first four',
    ),
  assignee: z
    .enum(['me', 'none'])
    .optional()
    .describe('The chats of the caller, or those that nobody has. Not together with `q`'),
  tag: tagSchema.optional().describe('The chats with this tag. Not together with `q` or `assignee`'),
  waiting: flagSchema
    .default(false)
    .describe(
      'The active chats in which the user waits for an answer, the longest wait first. Not together with the others',
    ),
})
const ownChatQuery = z.object({
  page: z
    .string()
    .optional()
    .describe('The URL of the page that the user is on, which staff see. Only http and https count'),
})

const linked = (links: string[]): Record<string, string> => (links.length === 0 ? {} : { link: links.join(', ') })

const newest = { before: Number.MAX_SAFE_INTEGER, limit: PAGE_SIZE }

const actorOf = ({ id, name }: Identity): Actor => ({ id, name })

export function chatRoutes(core: Core) {
  const { store, clock, outbox, hours } = core

  return [
    route({
      method: 'GET',
      path: '/support_chat',
      name: 'openOwnChat',
      action: 'open_own_chat',
      summary: 'Opens the chat of the user, which is created on the first visit, with its newest messages',
      query: ownChatQuery,
      answers: { 200: { json: supportChat } },
      problems: ['not_found'],
    })(async ({ identity, query, onlyLooks }) => {
      const chat = await ensureChat(core, { identity, onlyLooks, pageUrl: pageUrl(query.page) })
      // After a restart everybody asks at once, and most never wrote. What is written from now on follows the subscription
      const isEmpty = chat.last_seq === 0
      const [slice, unread_count, replies_by_email] = await Promise.all([
        isEmpty ? { messages: [], has_more: false } : store.messages(chat.id, newest),
        isEmpty ? 0 : store.countUnread(chat.id),
        repliesByEmail(store, chat),
      ])
      const { epoch } = store
      const attachments = attachmentsOf(core)
      const closed = hours?.closed(clock.now()) ?? null
      const told = { unread_count, replies_by_email, attachments, closed, ...realtimeOf(core, chat.id) }
      const body = { id: chat.id, ...slice, epoch, ...told }
      return { status: 200, body }
    }),
    // The widget asks this before it is opened
    route({
      method: 'GET',
      path: '/support_chat/unread',
      name: 'countOwnUnread',
      action: 'count_own_unread',
      summary: 'Counts the replies that the user has not read. Creates no chat',
      answers: { 200: { json: ownUnread } },
    })(async ({ identity }) => {
      const chat = await store.findChatOf(identity.id)
      if (!chat) return { status: 200, body: { chat_id: null, unread_count: 0, newest_unread: null } }
      const [unread_count, newest_unread] = await Promise.all([store.countUnread(chat.id), store.newestUnread(chat.id)])
      return { status: 200, body: { chat_id: chat.id, unread_count, newest_unread: newest_unread ?? null } }
    }),
    route({
      method: 'GET',
      path: '/admin/unread_count',
      name: 'countUnreadChats',
      action: 'list_chats',
      summary: 'Counts the active chats with something unread',
      answers: { 200: { json: unreadCount } },
    })(async () => ({ status: 200, body: { unread_chats: await store.countUnreadChats(MAX_UNREAD_COUNT) } })),
    route({
      method: 'GET',
      path: '/admin/chats',
      name: 'listChats',
      action: 'list_chats',
      summary:
        'Lists the chats, the newest message first; with `q`, those found by name first, then others by e-mail address; with `waiting`, the longest wait first',
      query: listQuery,
      answers: {
        200: {
          json: z.array(supportChatListItem),
          headers: {
            Link: '`rel="next"` is the next page, if there is one (RFC 8288); `rel="search"`: messages can be searched; `rel="replies"`: canned replies; `rel="webhooks"`: webhooks are set; `rel="realtime"`: a service tells of all chats',
          },
        },
      },
    })(async ({ request, identity, query: { archived, limit, cursor, q, assignee: whose, tag, waiting } }) => {
      const filters = [q?.trim() || undefined, whose, tag, waiting || undefined].filter(
        (filter) => filter !== undefined,
      )
      if (filters.length > 1)
        throw new DeskbellError('invalid_request', 'q, assignee, tag, waiting: the list goes by one of them at a time')
      const assignee = whose === 'me' ? identity.id : whose === 'none' ? null : undefined
      const query = { archived, limit, cursor, q, assignee, tag, waiting }
      // Nobody waits in the archive
      const { chats, next } = waiting && archived ? { chats: [], next: null } : await listPage(core, query)
      // RFC 8288: the links tell the dashboard what there is besides chats
      const link = (path: string, rel: string): string => `<${new URL(path, request.url).pathname}>; rel="${rel}"`
      const links = [
        ...(store.searchMessages ? [link('messages', 'search')] : []),
        link('replies', 'replies'),
        ...(outbox ? [link('webhooks', 'webhooks')] : []),
        ...(core.publisher?.listen({ type: 'staff' }) ? [link('realtime', 'realtime')] : []),
      ]
      if (next === null) return { status: 200, body: chats, headers: linked(links) }
      const url = new URL(request.url)
      url.searchParams.set('cursor', next)
      const headers = linked([`<${url.pathname}${url.search}>; rel="next"`, ...links])
      return { status: 200, body: chats, headers }
    }),
    route({
      method: 'GET',
      path: '/admin/chats/:id',
      name: 'viewChat',
      action: 'view_person',
      summary: 'Opens a chat for staff, with its user and its newest messages, which marks it as viewed',
      params: chatParams,
      answers: { 200: { json: adminSupportChat } },
    })(async ({ identity, params, onlyLooks }) => {
      const chat = await findChat(core, { identity, action: 'read_chat', id: params.id })
      // First, so that the answer shows the messages as read. Those that arrive meanwhile are in it as unread
      if (!onlyLooks) await markRead(core, { reader: identity, chat, upTo: chat.last_seq })
      return { status: 200, body: await adminChat(core, chat) }
    }),
    route({
      method: 'POST',
      path: '/admin/users/:id/chat',
      name: 'startChat',
      action: 'start_chat',
      summary:
        'Opens the chat of a user for staff, and creates it if they have none. A user has one, whoever asks how often',
      params: userParams,
      answers: { 200: { json: adminSupportChat } },
    })(async ({ identity, params }) => ({
      status: 200,
      body: await adminChat(core, await startChat(core, { identity, userId: params.id })),
    })),
    route({
      method: 'POST',
      path: '/admin/chats/:id/unblock_mail',
      name: 'unblockMail',
      action: 'unblock_mail',
      summary: 'Lets e-mails go again to the address of a chat’s user, after one came back or was reported as spam',
      params: chatParams,
      answers: { 200: { json: unblockedMail } },
    })(async ({ identity, params }) => {
      const chat = await findChat(core, { identity, action: 'unblock_mail', id: params.id })
      const user = await store.findPerson(chat.user_id)
      if (user) await store.unblockMail(user.email, isoTime(clock.now()))
      return { status: 200, body: { id: chat.id, mail_block: null } }
    }),
    route({
      method: 'POST',
      path: '/admin/chats/:id/resubscribe',
      name: 'resubscribeUser',
      action: 'resubscribe_user',
      summary: 'Sends e-mails again to a chat’s user, who unsubscribed and asked staff to undo it',
      params: chatParams,
      answers: { 200: { json: resubscribedUser } },
    })(async ({ identity, params }) => {
      const chat = await findChat(core, { identity, action: 'resubscribe_user', id: params.id })
      await store.resubscribe(chat.user_id, isoTime(clock.now()))
      return { status: 200, body: { id: chat.id, unsubscribed_at: null } }
    }),
    route({
      method: 'POST',
      path: '/admin/chats/:id/archive',
      name: 'archiveChat',
      action: 'archive_chat',
      summary: 'Moves a chat to the archive, from which a message of its user brings it back',
      params: chatParams,
      answers: { 200: { json: archivedChat } },
    })(async ({ identity, params }) => {
      const chat = await findChat(core, { identity, action: 'archive_chat', id: params.id })
      await setArchived(core, chat, true, actorOf(identity))
      return { status: 200, body: { id: chat.id, archived: true } }
    }),
    route({
      method: 'POST',
      path: '/admin/chats/:id/unarchive',
      name: 'unarchiveChat',
      action: 'archive_chat',
      summary: 'Moves a chat back from the archive',
      params: chatParams,
      answers: { 200: { json: archivedChat } },
    })(async ({ identity, params }) => {
      const chat = await findChat(core, { identity, action: 'archive_chat', id: params.id })
      await setArchived(core, chat, false, actorOf(identity))
      return { status: 200, body: { id: chat.id, archived: false } }
    }),
  ]
}
