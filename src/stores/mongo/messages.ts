import type { MessageStore, ReadMark } from '../../server/ports/store/messages.ts'
import { append } from './append.ts'
import { changeChat } from './chat-writer.ts'
import type { MongoDatabase } from './database.ts'
import type { ChatDoc, MessageDoc } from './documents.ts'
import { slice } from './slices.ts'
import { messageAt, messageFrom, messagesAfter, withReads } from './stored-messages.ts'
import { startOf } from './tails.ts'

export function messages(db: MongoDatabase): MessageStore {
  const chats = db.collection('chats')

  /** The seq of the last message that is not later than `time`: times ascend with seq */
  async function lastUntil(chat: ChatDoc, time: string): Promise<number> {
    let low = 0
    let high = chat.last_seq + 1
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (((await messageAt(db, chat, middle))?.created_at ?? '') > time) high = middle
      else low = middle
    }
    return low
  }

  async function unread(chatId: string): Promise<MessageDoc[]> {
    const chat = await chats.findOne({ _id: chatId })
    if (!chat) return []
    return (await messagesAfter(db, chat, 'admin', chat.user_read_seq)).filter(({ read_at }) => read_at === null)
  }

  return {
    ...append(db),

    async messages(chatId, range) {
      const chat = await chats.findOne({ _id: chatId })
      if (!chat) return { messages: [], has_more: false }
      const asked = 'since' in range ? { after: await lastUntil(chat, range.since), limit: range.limit } : range
      const { items, has_more } = await slice(db.collection('messages'), chat._id, chat.messages, chat.last_seq, asked)
      return { messages: items.map((one) => messageFrom(withReads(chat, one))), has_more }
    },

    markRead: async (chatId, reader, upTo, at) =>
      (await changeChat<ReadMark>(db, chatId, (chat) => {
        const already = reader === 'user' ? chat.user_read_seq : chat.admin_viewed_seq
        const to = Math.max(Math.min(upTo ?? chat.last_seq, chat.last_seq), already)
        if (to === already) return { changed: false, result: { up_to_seq: already, moved: false } }
        const sender = reader === 'user' ? 'admin' : 'user'
        for (const one of chat.messages)
          if (one.seq > already && one.seq <= to && one.sender_type === sender) one.read_at ??= at
        if (already + 1 < startOf(chat.messages, chat.last_seq))
          chat.effects.reads.push({ sender, after: already, up_to: to, at })
        if (reader === 'user') Object.assign(chat, { user_read_seq: to, user_read_at: at })
        else Object.assign(chat, { admin_viewed_seq: to, admin_viewed_at: at })
        chat.updated_at = at
        return { changed: true, result: { up_to_seq: to, moved: true } }
      })) ?? { up_to_seq: 0, moved: false },
    countUnread: async (chatId) => (await unread(chatId)).length,
    async newestUnread(chatId) {
      const newest = (await unread(chatId)).at(-1)
      return newest && messageFrom(newest)
    },
  }
}
