import type { SupportChatListItem } from '../../protocol/types.ts'
import type { ChatStore, ListCursor, ListQuery } from '../../server/ports/store/chats.ts'
import { assigneeFrom } from '../rules/assignee.ts'
import { chatsByName, type NamedChat } from '../rules/chats-by-name.ts'
import { LAST_CHARACTER } from '../rules/people-search.ts'
import { ratingFrom } from '../rules/rating.ts'
import { isListCursor } from '../rules/request-values.ts'
import { WITHOUT_LISTS, type ChatHead } from './chat-document.ts'
import type { MongoDatabase } from './database.ts'
import type { UserDoc } from './documents.ts'
import { namedChats } from './named-chats.ts'

/** The most people that a search looks at together, of whom some have no chat, or one that is not asked for */
const PORTION = 200

const itemOf = (chat: ChatHead, user: UserDoc | undefined): SupportChatListItem => ({
  id: chat._id,
  user_id: chat.user_id,
  user_email: user?.email ?? '',
  user_name: user?.name ?? null,
  last_message_at: chat.last_message_at,
  last_message_preview: chat.last_message_preview,
  last_message_sender: chat.last_message_sender,
  last_message_by: chat.last_message_by,
  message_count: chat.last_seq,
  unread: chat.is_unread,
  archived: chat.is_archived,
  assignee: assigneeFrom(chat),
  tags: chat.tags,
  rating: ratingFrom(chat),
  blocked_at: chat.blocked_at,
  waiting_since: chat.waiting_since,
})

export function chatList(
  db: MongoDatabase,
): Pick<ChatStore, 'listChats' | 'chatsByName' | 'listItems' | 'countUnreadChats'> {
  const chats = db.collection('chats')
  const users = db.collection('users')

  async function itemsOf(heads: ChatHead[]): Promise<SupportChatListItem[]> {
    const known = await users.find({ _id: { $in: heads.map(({ user_id }) => user_id) } }).toArray()
    const byId = new Map(known.map((user) => [user._id, user]))
    return heads.map((chat) => itemOf(chat, byId.get(chat.user_id)))
  }

  function pageByTime<Shown extends object>(shown: object, query: ListQuery): Promise<Shown[]> {
    const { archived, limit, cursor, assignee, tag } = query
    const filter = {
      is_archived: archived,
      ...(tag !== undefined ? { tags: tag } : assignee !== undefined ? { assignee_id: assignee } : {}),
      last_message_at: cursor ? { $lte: cursor.key } : { $ne: null },
      ...(cursor && {
        $or: [{ last_message_at: { $lt: cursor.key } }, { last_message_at: cursor.key, _id: { $lt: cursor.id } }],
      }),
    }
    const page = chats.find(filter).project<Shown>(shown).sort({ last_message_at: -1, _id: -1 })
    return page.limit(limit).toArray()
  }

  const byTime = async (query: ListQuery): Promise<SupportChatListItem[]> =>
    query.cursor && !isListCursor(query.cursor) ? [] : itemsOf(await pageByTime<ChatHead>(WITHOUT_LISTS, query))

  async function newest(query: ListQuery): Promise<NamedChat[]> {
    const shown = { user_id: 1, last_message_at: 1 }
    const page = await pageByTime<{ _id: string; user_id: string; last_message_at: string }>(shown, query)
    const known = await users
      .find({ _id: { $in: page.map(({ user_id }) => user_id) } })
      .project<{ _id: string; name: string | null }>({ name: 1 })
      .toArray()
    const nameOf = new Map(known.map(({ _id, name }) => [_id, name]))
    return page.map(({ _id: id, user_id, last_message_at }) => {
      return { id, last_message_at, user_name: nameOf.get(user_id) ?? null }
    })
  }

  async function byWait({ limit, cursor }: ListQuery): Promise<SupportChatListItem[]> {
    if (cursor && !isListCursor(cursor)) return []
    const filter = {
      is_archived: false,
      waiting_since: cursor ? { $gte: cursor.key } : { $ne: null },
      last_message_at: { $ne: null },
      ...(cursor && {
        $or: [{ waiting_since: { $gt: cursor.key } }, { waiting_since: cursor.key, _id: { $gt: cursor.id } }],
      }),
    }
    const page = chats.find(filter).project<ChatHead>(WITHOUT_LISTS).sort({ waiting_since: 1, _id: 1 })
    return itemsOf(await page.limit(limit).toArray())
  }

  async function byEmail(email: string, { archived, limit, cursor }: ListQuery): Promise<SupportChatListItem[]> {
    const start = email.toLowerCase()
    const found: SupportChatListItem[] = []
    // Enough for a page where half of them count; whoever needs more than that needs many more
    let size = Math.min(2 * limit, PORTION)
    // A cursor has only ASCII in lower case
    let from: ListCursor = cursor ? { key: cursor.key.toLowerCase(), id: cursor.id } : { key: start, id: '' }
    for (;;) {
      const portion = await users
        .find({
          email_lower: { $gte: from.key < start ? start : from.key, $lt: start + LAST_CHARACTER },
          $or: [{ email_lower: { $gt: from.key } }, { email_lower: from.key, _id: { $gt: from.id } }],
        })
        .sort({ email_lower: 1, _id: 1 })
        .limit(size)
        .toArray()
      const heads = await chats
        .find({ user_id: { $in: portion.map(({ _id }) => _id) }, is_archived: archived, last_seq: { $gt: 0 } })
        .project<ChatHead>(WITHOUT_LISTS)
        .toArray()
      const chatOf = new Map(heads.map((chat) => [chat.user_id, chat]))
      for (const user of portion) {
        const chat = chatOf.get(user._id)
        if (chat) found.push(itemOf(chat, user))
        if (found.length === limit) return found
      }
      const last = portion.at(-1)
      if (!last || portion.length < size) return found
      from = { key: last.email_lower, id: last._id }
      size = PORTION
    }
  }

  async function listItems(ids: string[]): Promise<SupportChatListItem[]> {
    const found = chats.find({ _id: { $in: ids } }).project<ChatHead>(WITHOUT_LISTS)
    return itemsOf(await found.toArray())
  }

  const lookup = { newest, listItems, startingWith: namedChats(db) }

  return {
    listChats: (query) => {
      if (query.email !== undefined) return byEmail(query.email, query)
      return query.waiting ? byWait(query) : byTime(query)
    },
    listItems,
    chatsByName: (query) => chatsByName(lookup, query),
    countUnreadChats: (limit) => chats.countDocuments({ is_archived: false, is_unread: true }, { limit }),
  }
}
