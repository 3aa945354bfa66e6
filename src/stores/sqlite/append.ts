// A batch of messages in one transaction.
import { preview } from '../../protocol/preview.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import type { AppendOutcome, MessageStore, NewMessage } from '../../server/ports/store/messages.ts'
import { INSERTED_COLUMNS, MESSAGE_COLUMNS, type InsertedMessage } from '../message-columns.ts'
import { advance, isSameMessage, isTheirChat, place, type Head } from '../rules/message.ts'
import { NOTIFICATION_KINDS, kindAbout } from '../rules/notification-kinds.ts'
import { happeningsOf } from '../rules/webhook.ts'
import type { Database } from './database.ts'
import { outboxWriter } from './outbox.ts'

export function append(db: Database): Pick<MessageStore, 'appendMessages'> {
  const head = db.prepare<Omit<Head, 'last'>>(
    'SELECT user_id, last_seq, last_user_seq, last_message_at, archived_at FROM support_chats WHERE id = ?',
  )
  const insert = db.prepare(`INSERT INTO support_messages (${INSERTED_COLUMNS.join()}, updated_at)
    VALUES (${INSERTED_COLUMNS.map((_, i) => `?${i + 1}`).join()}, ?${INSERTED_COLUMNS.indexOf('created_at') + 1})
    ON CONFLICT (chat_id, sender_id, sender_type, client_id) WHERE client_id IS NOT NULL DO NOTHING`)
  const sentBefore = db.prepare<SupportMessage>(
    `SELECT ${MESSAGE_COLUMNS.join()} FROM support_messages WHERE chat_id = ? AND sender_id = ? AND sender_type = ? AND client_id = ?`,
  )
  const touch =
    db.prepare(`UPDATE support_chats SET last_seq = ?2, last_user_seq = ?3, last_message_at = ?4, archived_at = ?5,
    last_message_preview = ?6, last_message_sender = ?7, updated_at = ?4 WHERE id = ?1`)
  const notifyBy = (table: string) =>
    db.prepare(`INSERT INTO ${table} (id, chat_id, state, due_at, created_at, updated_at)
    VALUES (?1, ?2, 'pending', ?3, ?4, ?4) ON CONFLICT (chat_id) WHERE state = 'pending' DO NOTHING`)
  const notify = {
    reply: notifyBy(NOTIFICATION_KINDS.reply.table),
    waiting: notifyBy(NOTIFICATION_KINDS.waiting.table),
  }

  const writeOutbox = outboxWriter(db)

  function appendOne(sent: NewMessage, heads: Map<string, Head>): AppendOutcome {
    const { id, chat_id, sender_id, notify_at } = sent
    let chat = heads.get(chat_id)
    if (!chat) {
      const row = head.get(chat_id)
      if (!row) return { kind: 'no_chat' }
      heads.set(chat_id, (chat = { ...row, last: null }))
    }
    if (!isTheirChat(sent, chat)) return { kind: 'no_chat' }
    const message = place(sent, chat)
    const row: InsertedMessage = { ...message, chat_id, sender_id }
    if (!insert.run(...INSERTED_COLUMNS.map((column) => row[column]))) {
      const before = sentBefore.get(chat_id, sender_id, sent.sender_type, sent.client_id)
      return before && isSameMessage(before, sent) ? { kind: 'repeated', message: before } : { kind: 'conflict' }
    }
    if (notify_at !== null) notify[kindAbout(sent.sender_type)].run(id, chat_id, notify_at, message.created_at)
    return { kind: 'stored', message, unarchived: advance(chat, sent, message) }
  }

  return {
    appendMessages: async (batch, outbox) =>
      db.transaction(() => {
        const heads = new Map<string, Head>()
        const outcomes = batch.map((sent) => appendOne(sent, heads))
        for (const [id, { last, last_seq, last_user_seq, last_message_at, archived_at }] of heads) {
          if (!last) continue
          const shown = preview(last.content)
          touch.run(id, last_seq, last_user_seq, last_message_at, archived_at, shown, last.sender_type)
        }
        if (outbox) writeOutbox(happeningsOf(batch, outcomes), outbox)
        return outcomes
      }),
  }
}
