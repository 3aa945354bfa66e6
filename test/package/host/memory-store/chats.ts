import {
  messagePreview,
  type ChatRecord,
  type ChatStore,
  type ListQuery,
  type StaffSender,
  type SupportChatListItem,
} from 'deskbell/core'
import { give, tell } from './activities.ts'
import { countArchive } from './numbers.ts'
import type { Chat, Row, Tables } from './tables.ts'

export function chatFacet(tables: Tables): ChatStore {
  const userOf = ({ user_id }: Chat) => {
    const user = tables.people.get(user_id)
    if (!user) throw new Error('openChat before savePeople')
    return user
  }
  function record(chat: Chat): ChatRecord {
    const {
      messages: _,
      last_user_seq: __,
      waiting_since: ______,
      last_message_at: ___,
      notified: ____,
      created_at: _____,
      ...rest
    } = chat
    const { activities, tags: _______, rating: ________, ratedFor: _________, ...row } = rest
    const { email, name } = userOf(chat)
    return { ...row, last_activity_seq: activities.length, user_email: email, user_name: name }
  }
  function item(chat: Chat): SupportChatListItem {
    const newest = chat.messages.at(-1)
    const last = newest?.message
    const { email, name } = userOf(chat)
    return {
      id: chat.id,
      user_id: chat.user_id,
      user_email: email,
      user_name: name,
      last_message_at: chat.last_message_at,
      last_message_preview: last ? messagePreview(last) : null,
      last_message_sender: last?.sender_type ?? null,
      last_message_by: newest && newest.message.sender_type === 'admin' ? senderOf(newest) : null,
      message_count: chat.last_seq,
      unread: chat.last_user_seq > chat.admin_viewed_seq,
      archived: chat.archived_at !== null,
      assignee: chat.assignee_id === null ? null : { id: chat.assignee_id, name: chat.assignee_name },
      tags: chat.tags,
      rating: chat.rating,
      blocked_at: chat.blocked_at,
      waiting_since: chat.waiting_since,
    }
  }
  const known = (ids: string[]): Chat[] => ids.flatMap((id) => tables.open.chats.get(id) ?? [])

  return {
    async openChat(userId, id, at) {
      const chat = tables.open.chatOf.get(userId) ?? newChat(id, userId, at)
      const opened = record(chat)
      tables.chats.set(chat.id, chat)
      tables.chatOf.set(userId, chat)
      return opened
    },
    findChat: async (id) => known([id]).map(record)[0],
    findChats: async (ids) => known(ids).map(record),
    async findChatOf(userId) {
      const chat = tables.open.chatOf.get(userId)
      return chat && record(chat)
    },
    async listChats({ archived, limit, cursor, email, assignee, tag, waiting }: ListQuery) {
      const rows = [...tables.open.chats.values()]
        .filter((chat) => chat.last_seq > 0 && (chat.archived_at !== null) === archived)
        .filter((chat) => tag === undefined || email !== undefined || chat.tags.includes(tag))
        .map((chat) => {
          const address = lower(userOf(chat).email)
          const at = waiting ? chat.waiting_since : chat.last_message_at
          return email === undefined ? { chat, key: at ?? '', id: chat.id } : { chat, key: address, id: chat.user_id }
        })
        .toSorted(compare)
      if (waiting && email === undefined)
        return rows
          .filter(({ chat }) => chat.waiting_since !== null)
          .filter((row) => !cursor || compare(row, cursor) > 0)
          .slice(0, limit)
          .map(({ chat }) => item(chat))
      if (email !== undefined)
        return rows
          .filter(({ key }) => key.startsWith(lower(email)))
          .filter((row) => !cursor || compare(row, cursor) > 0)
          .slice(0, limit)
          .map(({ chat }) => item(chat))
      return rows
        .filter(({ chat }) => assignee === undefined || chat.assignee_id === assignee)
        .toReversed()
        .filter((row) => !cursor || compare(row, cursor) < 0)
        .slice(0, limit)
        .map(({ chat }) => item(chat))
    },
    async chatsByName({ archived, limit, cursor, name }) {
      const typed = name.toLowerCase().split(/\s+/).filter(Boolean)
      const [main = ''] = typed.slice(0, 4).toSorted((a, b) => b.length - a.length)
      const isFound = (text: string | null): boolean => {
        const words = text?.slice(0, 100).toLowerCase().split(' ') ?? []
        const begins = (start: string, some: string[]) => some.some((word) => word.startsWith(start))
        return begins(main, words.slice(0, 4)) && typed.every((start) => begins(start, words))
      }
      const rows = [...tables.open.chats.values()]
        .filter((chat) => chat.last_seq > 0 && (chat.archived_at !== null) === archived && isFound(userOf(chat).name))
        .map((chat) => ({ chat, key: chat.last_message_at ?? '', id: chat.id }))
        .filter((row) => !cursor || compare(row, cursor) < 0)
        .toSorted((a, b) => compare(b, a))
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const next = rows.length > limit && last ? { key: last.key, id: last.id } : null
      return { chats: page.map(({ chat }) => item(chat)), next }
    },
    listItems: async (ids) => known(ids).map(item),
    async countUnreadChats(limit) {
      const unread = [...tables.open.chats.values()].filter(
        (chat) => chat.archived_at === null && chat.last_user_seq > chat.admin_viewed_seq,
      )
      return Math.min(limit, unread.length)
    },
    async setArchived(chatId, archived, at, { actor, openTime } = {}) {
      const chat = tables.open.chats.get(chatId)
      if (!chat || (chat.archived_at !== null) === archived) return undefined
      if (archived) countArchive(tables, chat, at, openTime)
      chat.archived_at = archived ? at : null
      chat.waiting_since = null
      if (archived) return tell(chat, { kind: 'archived', body: {} }, { actor, at })
      return tell(chat, { kind: 'unarchived', body: { by_message: false } }, { actor, at })
    },
    async assign(chatId, { assignee, from, actor, at }) {
      const chat = tables.open.chats.get(chatId)
      if (!chat || chat.assignee_id === (assignee?.id ?? null)) return undefined
      if (from !== undefined && chat.assignee_id !== from) return undefined
      if (assignee) chat.assistant_off_at ??= at
      return give(chat, assignee, { actor: actor ?? undefined, at })
    },
    async setBlocked(chatId, blocked, { actor, at }) {
      const chat = tables.open.chats.get(chatId)
      if (!chat || (chat.blocked_at !== null) === blocked) return undefined
      chat.blocked_at = blocked ? at : null
      return tell(chat, { kind: blocked ? 'blocked' : 'unblocked', body: {} }, { actor: actor ?? undefined, at })
    },
  }
}

const senderOf = ({ sender_id: id, message: { sender_name: name, automated } }: Row): StaffSender => ({
  id,
  name,
  ...(automated && { automated }),
})

const newChat = (id: string, user_id: string, created_at: string): Chat => ({
  id,
  created_at,
  user_id,
  last_seq: 0,
  last_user_seq: 0,
  last_message_at: null,
  archived_at: null,
  assignee_id: null,
  assignee_name: null,
  blocked_at: null,
  assistant_off_at: null,
  user_read_seq: 0,
  user_read_at: null,
  admin_viewed_seq: 0,
  admin_viewed_at: null,
  notified: { reply: 0, waiting: 0 },
  waiting_since: null,
  messages: [],
  activities: [],
  tags: [],
  rating: null,
  ratedFor: null,
})

interface Position {
  key: string
  id: string
}
const compare = (a: Position, b: Position): number =>
  a.key === b.key ? (a.id < b.id ? -1 : Number(a.id > b.id)) : a.key < b.key ? -1 : 1

const lower = (email: string): string => email.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
