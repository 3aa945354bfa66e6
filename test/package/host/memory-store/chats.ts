import { preview, type ChatRecord, type ChatStore, type ListQuery, type SupportChatListItem } from 'deskbell/core'
import type { Chat, Tables } from './tables.ts'

export function chatFacet(tables: Tables): ChatStore {
  const userOf = ({ user_id }: Chat) => {
    const user = tables.people.get(user_id)
    if (!user) throw new Error('openChat before savePeople')
    return user
  }
  function record(chat: Chat): ChatRecord {
    const { messages: _, last_user_seq: __, last_message_at: ___, notified: ____, created_at: _____, ...row } = chat
    const { email, name } = userOf(chat)
    return { ...row, user_email: email, user_name: name }
  }
  function item(chat: Chat): SupportChatListItem {
    const last = chat.messages.at(-1)?.message
    const { email, name } = userOf(chat)
    return {
      id: chat.id,
      user_id: chat.user_id,
      user_email: email,
      user_name: name,
      last_message_at: chat.last_message_at,
      last_message_preview: last ? preview(last.content) : null,
      last_message_sender: last?.sender_type ?? null,
      message_count: chat.last_seq,
      unread: chat.last_user_seq > chat.admin_viewed_seq,
      archived: chat.archived_at !== null,
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
    async listChats({ archived, limit, cursor, email }: ListQuery) {
      const rows = [...tables.open.chats.values()]
        .filter((chat) => chat.last_seq > 0 && (chat.archived_at !== null) === archived)
        .map((chat) => {
          const address = lower(userOf(chat).email)
          return email === undefined
            ? { chat, key: chat.last_message_at ?? '', id: chat.id }
            : { chat, key: address, id: chat.user_id }
        })
        .toSorted(compare)
      if (email !== undefined)
        return rows
          .filter(({ key }) => key.startsWith(lower(email)))
          .filter((row) => !cursor || compare(row, cursor) > 0)
          .slice(0, limit)
          .map(({ chat }) => item(chat))
      return rows
        .toReversed()
        .filter((row) => !cursor || compare(row, cursor) < 0)
        .slice(0, limit)
        .map(({ chat }) => item(chat))
    },
    listItems: async (ids) => known(ids).map(item),
    async countUnreadChats(limit) {
      const unread = [...tables.open.chats.values()].filter(
        (chat) => chat.archived_at === null && chat.last_user_seq > chat.admin_viewed_seq,
      )
      return Math.min(limit, unread.length)
    },
    async setArchived(chatId, archived, at) {
      const chat = tables.open.chats.get(chatId)
      if (!chat || (chat.archived_at !== null) === archived) return false
      chat.archived_at = archived ? at : null
      return true
    },
  }
}

const newChat = (id: string, user_id: string, created_at: string): Chat => ({
  id,
  created_at,
  user_id,
  last_seq: 0,
  last_user_seq: 0,
  last_message_at: null,
  archived_at: null,
  user_read_seq: 0,
  user_read_at: null,
  admin_viewed_seq: 0,
  admin_viewed_at: null,
  notified: { reply: 0, waiting: 0 },
  messages: [],
})

interface Position {
  key: string
  id: string
}
const compare = (a: Position, b: Position): number =>
  a.key === b.key ? (a.id < b.id ? -1 : Number(a.id > b.id)) : a.key < b.key ? -1 : 1

const lower = (email: string): string => email.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
