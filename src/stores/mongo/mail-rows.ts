// A notification with what its chat, its person and its address say about it, as the rules know it.
import type { NotificationClaim, NotificationKind } from '../../server/ports/store/notifications.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import type { NotificationRow } from '../rules/notification.ts'
import type { MongoDatabase } from './database.ts'
import type { ChatDoc, MailDoc } from './documents.ts'
import { messagesAfter } from './stored-messages.ts'

/** Up to where a message counts as seen */
async function seenSeq(db: MongoDatabase, chat: ChatDoc, kind: NotificationKind): Promise<number> {
  if (kind === 'reply') return chat.user_read_seq
  const replies = await messagesAfter(db, chat, 'admin', chat.admin_viewed_seq)
  const last = replies.findLast(({ automated }) => !automated || chat.assistant_off_at === null)
  return Math.max(chat.admin_viewed_seq, last?.seq ?? 0)
}

export async function rowOf(
  db: MongoDatabase,
  chat: ChatDoc,
  kind: NotificationKind,
  mail: MailDoc,
): Promise<NotificationRow | undefined> {
  const user = await db.collection('users').findOne({ _id: chat.user_id })
  if (!user) return undefined
  const { email, name, page_url, unsubscribed_at } = user
  const block = await db.collection('mail_blocks').findOne({ _id: email, unblocked_at: null })
  const typed = await db.collection('typed_addresses').findOne({ _id: email })
  const { id, state, due_at, after_seq, up_to_seq, address, claim, refusals, reason } = mail
  return {
    kind,
    id,
    state,
    due_at,
    after_seq,
    up_to_seq,
    address,
    claim,
    refusals,
    reason,
    chat_id: chat._id,
    user_id: chat.user_id,
    email,
    name,
    page_url,
    unsubscribed_at,
    block: block?.kind ?? null,
    archived_at: chat.archived_at,
    last_seq: chat.last_seq,
    assignee_id: chat.assignee_id,
    assignee_name: chat.assignee_name,
    typed_mail_id: typed?.mail_id ?? null,
    typed_mailed_at: typed?.mailed_at ?? null,
    typed_unsubscribed_at: typed?.unsubscribed_at ?? null,
    seen_seq: await seenSeq(db, chat, kind),
    notified_seq: chat[NOTIFICATION_KINDS[kind].notified],
    pending_due_at: chat.mails[kind].find((one) => one.state === 'pending')?.due_at ?? null,
  }
}

/** Where a notification is: its chat */
export async function chatOfMail(db: MongoDatabase, kind: NotificationKind, id: string): Promise<string | undefined> {
  const chat = await db.collection('chats').findOne({ [`mails.${kind}.id`]: id })
  return chat?._id ?? (await db.collection('notifications').findOne({ _id: id, kind }))?.chat_id
}

/** Mostly where it was when it was claimed */
export async function chatOfClaim(db: MongoDatabase, claim: NotificationClaim): Promise<string | undefined> {
  const { kind, id, chat_id: _id } = claim
  const chat = await db.collection('chats').findOne({ _id, [`mails.${kind}.id`]: id }, { projection: { _id: 1 } })
  return chat?._id ?? chatOfMail(db, kind, id)
}

/** In its chat's document, where one that was moved out comes back to: what is there counts */
export async function mailIn(
  db: MongoDatabase,
  chat: ChatDoc,
  kind: NotificationKind,
  id: string,
): Promise<MailDoc | undefined> {
  const inDocument = chat.mails[kind].find((one) => one.id === id)
  if (inDocument) return inDocument
  const moved = await db.collection('notifications').findOne({ _id: id, kind, chat_id: chat._id })
  if (!moved) return undefined
  const { _id: _, chat_id: __, kind: ___, moved: ____, ...mail } = moved
  chat.mails[kind].push(mail)
  return mail
}
