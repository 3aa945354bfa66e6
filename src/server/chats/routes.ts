import { z } from 'zod'
import { MAX_LIST_SIZE, MAX_UNREAD_COUNT, PAGE_SIZE } from '../../protocol/limits.ts'
import type { AdminSupportChat, SupportChat, UnreadCount } from '../../protocol/types.ts'
import type { Core } from '../core.ts'
import { isCleanText, limitSchema, pageUrl, parse } from '../http/input.ts'
import { json, type Route } from '../http/route.ts'
import { markRead } from '../messages/mark-read.ts'
import { isoTime } from '../ports/clock.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import { decodeCursor, encodeCursor } from './list-cursor.ts'
import { ensureChat, findChat } from './open.ts'

const listQuery = z.object({
  archived: z.enum(['true', 'false']).default('false'),
  limit: limitSchema(MAX_LIST_SIZE).default(PAGE_SIZE),
  cursor: z.string().max(1000).optional(),
  q: z.string().max(320).refine(isCleanText, 'must be valid Unicode without NUL').optional(),
})

const linked = (links: string[]): Record<string, string> => (links.length === 0 ? {} : { link: links.join(', ') })

const newest = { before: Number.MAX_SAFE_INTEGER, limit: PAGE_SIZE }

export function chatRoutes(core: Core): Route[] {
  const { store, hub, clock, events } = core

  async function setArchived(chat: ChatRecord, archived: boolean): Promise<void> {
    const at = isoTime(clock.now())
    if (!(await store.setArchived(chat.id, archived, at))) return
    events.emit([{ type: archived ? 'archived' : 'unarchived', chat, at }])
  }

  return [
    {
      method: 'GET',
      path: '/support_chat',
      action: 'open_own_chat',
      async handle({ identity, query, onlyLooks }) {
        const chat = await ensureChat(core, { identity, onlyLooks, pageUrl: pageUrl(query['page']) })
        const [slice, unread_count] = await Promise.all([store.messages(chat.id, newest), store.countUnread(chat.id)])
        const body: SupportChat = { id: chat.id, ...slice, epoch: store.epoch, unread_count }
        return json(body)
      },
    },
    {
      // The widget asks this before it is opened. Unlike `GET support_chat`, it creates no chat
      method: 'GET',
      path: '/support_chat/unread',
      action: 'count_own_unread',
      async handle({ identity }) {
        const chat = await store.findChatOf(identity.id)
        if (!chat) return json({ chat_id: null, unread_count: 0, newest_unread: null })
        const [unread_count, newest_unread] = await Promise.all([
          store.countUnread(chat.id),
          store.newestUnread(chat.id),
        ])
        return json({ chat_id: chat.id, unread_count, newest_unread: newest_unread ?? null })
      },
    },
    {
      method: 'GET',
      path: '/admin/unread_count',
      action: 'list_chats',
      async handle() {
        const body: UnreadCount = { unread_chats: await store.countUnreadChats(MAX_UNREAD_COUNT) }
        return json(body)
      },
    },
    {
      method: 'GET',
      path: '/admin/chats',
      action: 'list_chats',
      async handle({ request, query }) {
        const { archived, limit, cursor, q } = parse(listQuery, query)
        const email = q?.trim() || undefined
        const rows = await store.listChats({
          archived: archived === 'true',
          limit: limit + 1,
          cursor: cursor === undefined ? undefined : decodeCursor(cursor),
          email,
        })
        const page = rows.slice(0, limit)
        const last = page.at(-1)
        // RFC 8288: the link tells the dashboard that messages can be searched
        const links = store.searchMessages ? [`<${new URL('messages', request.url).pathname}>; rel="search"`] : []
        if (rows.length <= limit || !last) return json(page, 200, linked(links))
        const next = new URL(request.url)
        const place =
          email === undefined
            ? { key: last.last_message_at ?? '', id: last.id }
            : { key: last.user_email.replace(/[A-Z]/g, (letter) => letter.toLowerCase()), id: last.user_id }
        next.searchParams.set('cursor', encodeCursor(place))
        return json(page, 200, linked([`<${next.pathname}${next.search}>; rel="next"`, ...links]))
      },
    },
    {
      method: 'GET',
      path: '/admin/chats/:id',
      action: 'view_person',
      async handle({ identity, params, onlyLooks }) {
        const chat = await findChat(core, { identity, action: 'read_chat', id: params['id'] })
        // First, so that the answer shows the messages as read. Those that arrive meanwhile are in it as unread
        if (!onlyLooks) await markRead(core, { reader: identity, chat, upTo: chat.last_seq })
        const [slice, user] = await Promise.all([store.messages(chat.id, newest), store.findPerson(chat.user_id)])
        if (!user) throw new Error(`Chat ${chat.id} has no user`)
        const body: AdminSupportChat = {
          id: chat.id,
          user_id: chat.user_id,
          user_email: chat.user_email,
          archived: chat.archived_at !== null,
          ...slice,
          epoch: store.epoch,
          user,
          user_online: hub.presence(chat.id).user_online,
          user_read_seq: chat.user_read_seq,
        }
        return json(body)
      },
    },
    ...(['archive', 'unarchive'] as const).map((verb): Route => ({
      method: 'POST',
      path: `/admin/chats/:id/${verb}`,
      action: 'archive_chat',
      async handle({ identity, params }) {
        const chat = await findChat(core, { identity, action: 'archive_chat', id: params['id'] })
        await setArchived(chat, verb === 'archive')
        return json({ id: chat.id, archived: verb === 'archive' })
      },
    })),
  ]
}
