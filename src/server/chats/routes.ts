import { z } from 'zod'
import { MAX_LIST_SIZE, MAX_UNREAD_COUNT, PAGE_SIZE } from '../../protocol/limits.ts'
import type { Core } from '../core.ts'
import { flagSchema, idSchema, CLEAN_TEXT, isCleanText, limitSchema, pageUrl } from '../http/input.ts'
import { route } from '../http/route.ts'
import {
  adminSupportChat,
  archivedChat,
  ownUnread,
  supportChat,
  supportChatListItem,
  unblockedMail,
  unreadCount,
} from '../http/schemas.ts'
import { markRead } from '../messages/mark-read.ts'
import { WAIT_FOR_HOST } from '../people/host-users.ts'
import { isoTime } from '../ports/clock.ts'
import { setArchived } from './archive.ts'
import { listPage } from './list.ts'
import { ensureChat, findChat } from './open.ts'

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
    .describe('The start of an e-mail address'),
})
const ownChatQuery = z.object({
  page: z
    .string()
    .optional()
    .describe('The URL of the page that the user is on, which staff see. Only http and https count'),
})

const linked = (links: string[]): Record<string, string> => (links.length === 0 ? {} : { link: links.join(', ') })

const newest = { before: Number.MAX_SAFE_INTEGER, limit: PAGE_SIZE }

export function chatRoutes(core: Core) {
  const { store, clock, hub, outbox } = core

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
      const [slice, unread_count] = await Promise.all([store.messages(chat.id, newest), store.countUnread(chat.id)])
      return { status: 200, body: { id: chat.id, ...slice, epoch: store.epoch, unread_count } }
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
      summary: 'Lists the chats, the newest message first; with `q`, by e-mail address',
      query: listQuery,
      answers: {
        200: {
          json: z.array(supportChatListItem),
          headers: {
            Link: '`rel="next"` is the next page, if there is one (RFC 8288); `rel="search"`: messages can be searched; `rel="webhooks"`: webhooks are set',
          },
        },
      },
    })(async ({ request, query: { archived, limit, cursor, q } }) => {
      const { chats, next } = await listPage(core, { archived, limit, cursor, email: q })
      // RFC 8288: the links tell the dashboard what there is besides chats
      const link = (path: string, rel: string): string => `<${new URL(path, request.url).pathname}>; rel="${rel}"`
      const links = [
        ...(store.searchMessages ? [link('messages', 'search')] : []),
        ...(outbox ? [link('webhooks', 'webhooks')] : []),
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
      await core.hostUsers?.refresh([chat.user_id], WAIT_FOR_HOST)
      const [slice, user] = await Promise.all([store.messages(chat.id, newest), store.findPerson(chat.user_id)])
      if (!user) throw new Error(`Chat ${chat.id} has no user`)
      const mail_block = await store.mailBlock(user.email)
      const body = {
        id: chat.id,
        user_id: chat.user_id,
        user_email: user.email,
        archived: chat.archived_at !== null,
        ...slice,
        epoch: store.epoch,
        user,
        mail_block,
        user_online: hub.presence(chat.id).user_online,
        user_read_seq: chat.user_read_seq,
      }
      return { status: 200, body }
    }),
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
      path: '/admin/chats/:id/archive',
      name: 'archiveChat',
      action: 'archive_chat',
      summary: 'Moves a chat to the archive, from which a message of its user brings it back',
      params: chatParams,
      answers: { 200: { json: archivedChat } },
    })(async ({ identity, params }) => {
      const chat = await findChat(core, { identity, action: 'archive_chat', id: params.id })
      await setArchived(core, chat, true)
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
      await setArchived(core, chat, false)
      return { status: 200, body: { id: chat.id, archived: false } }
    }),
  ]
}
