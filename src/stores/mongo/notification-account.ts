import type { NotificationRecord, NotificationStore } from '../../server/ports/store/notifications.ts'
import { NOTIFICATION_KINDS, kindAbout } from '../rules/notification-kinds.ts'
import type { MongoDatabase } from './database.ts'
import type { ChatDoc, MailDoc, MessageDoc } from './documents.ts'
import { deliveries } from './deliveries.ts'
import { messagesAfter, withReads } from './stored-messages.ts'

const RANKS: Partial<Record<MailDoc['state'], number>> = { sending: 3, sent: 3, uncertain: 3, claimed: 2, pending: 1 }
const rankOf = ({ state }: MailDoc): number => RANKS[state] ?? 0

export function notificationAccount(db: MongoDatabase): Pick<NotificationStore, 'explainNotification'> {
  const known = deliveries(db)
  const chats = db.collection('chats')

  async function find(messageId: string): Promise<{ chat: ChatDoc; message: MessageDoc } | undefined> {
    // First in the documents, which messages leave only after they are in the collection
    const holder = await chats.findOne({ 'messages.id': messageId })
    const held = holder?.messages.find(({ id }) => id === messageId)
    if (holder && held) return { chat: holder, message: held }
    const moved = await db.collection('messages').findOne({ id: messageId })
    const chat = moved && (await chats.findOne({ _id: moved.chat_id }))
    return moved && chat ? { chat, message: withReads(chat, moved) } : undefined
  }

  async function recordOf(chat: ChatDoc, { seq, sender_type }: MessageDoc): Promise<NotificationRecord | undefined> {
    const kind = kindAbout(sender_type)
    const { sender, notified } = NOTIFICATION_KINDS[kind]
    const held = chat.mails[kind]
    const ids = new Set(held.map(({ id }) => id))
    const moved = await db.collection('notifications').find({ chat_id: chat._id, kind }).toArray()
    // The newest first, where all else is the same
    const all = [...moved.filter(({ id }) => !ids.has(id)), ...held].reverse()
    // A pending one is about every message that no mail was about; the others about the messages they were decided for
    const about = all.filter(({ state, after_seq, up_to_seq }) =>
      state === 'pending' ? chat[notified] < seq : after_seq < seq && seq <= up_to_seq,
    )
    const [mail] = about.toSorted(
      (a, b) => rankOf(b) - rankOf(a) || (a.updated_at < b.updated_at ? 1 : a.updated_at > b.updated_at ? -1 : 0),
    )
    if (!mail) return undefined
    const { state, due_at, updated_at, address, refusals, reason, delivery, delivery_at, delivery_reason } = mail
    const told = await messagesAfter(db, chat, sender, mail.after_seq)
    const replies = told.filter((one) => one.seq <= mail.up_to_seq).length
    return { state, due_at, updated_at, address, refusals, reason, delivery, delivery_at, delivery_reason, replies }
  }

  return {
    async explainNotification(messageId) {
      const found = await find(messageId)
      const user = found && (await db.collection('users').findOne({ _id: found.chat.user_id }))
      if (!found || !user) return undefined
      const { chat, message } = found
      const replies = await messagesAfter(db, chat, 'admin', message.seq)
      return {
        sender_type: message.sender_type,
        read_at: message.read_at,
        email: user.email,
        archived_at: chat.archived_at,
        unsubscribed_at: user.unsubscribed_at,
        answered: replies.some(({ automated }) => !automated || chat.assistant_off_at === null),
        mail_block: await known.mailBlock(user.email),
        notification: await recordOf(chat, message),
      }
    },
  }
}
