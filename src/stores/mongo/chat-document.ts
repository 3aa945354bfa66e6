// A chat's document: what is in a new one, and what follows from the rest of it.
import { messagePreview } from '../../protocol/preview.ts'
import { tagsText } from '../rules/tags.ts'
import { NO_RATING } from '../rules/rating.ts'
import { numberRow } from '../rules/number-rows.ts'
import type { Count } from '../rules/numbers.ts'
import { shardOfProcess } from '../rules/shard.ts'
import type { MergeableChat } from '../rules/merge.ts'
import type { StaffSender, SupportMessage } from '../../protocol/types.ts'
import { activityRow } from '../rules/activity.ts'
import type { SupportActivity } from '../../protocol/activity.ts'
import { isoTime, systemClock } from '../../server/ports/clock.ts'
import { lastMessageBy } from '../rules/last-message-by.ts'
import type { ChatDoc, Effects, MailDoc, MessageDoc } from './documents.ts'

/** What a chat's document says beside its lists, which most queries do not need */
export const WITHOUT_LISTS = { messages: 0, activities: 0, mails: 0, effects: 0 } as const
export type ChatHead = Omit<ChatDoc, keyof typeof WITHOUT_LISTS>

export const NO_EFFECTS: Effects = { webhooks: [], counts: [], reads: [], files: [], merges: [] }

export const newChat = (_id: string, user_id: string, at: string): ChatDoc => ({
  _id,
  version: 1,
  user_id,
  last_seq: 0,
  last_user_seq: 0,
  last_message_at: null,
  last_message_preview: null,
  last_message_sender: null,
  last_message_by: null,
  archived_at: null,
  assignee_id: null,
  assignee_name: null,
  blocked_at: null,
  assistant_off_at: null,
  waiting_since: null,
  tags: [],
  ...NO_RATING,
  user_read_seq: 0,
  user_read_at: null,
  admin_viewed_seq: 0,
  admin_viewed_at: null,
  notified_seq: 0,
  staff_notified_seq: 0,
  last_activity_seq: 0,
  last_activity_at: null,
  created_at: at,
  updated_at: at,
  is_archived: false,
  is_unread: false,
  messages: [],
  activities: [],
  mails: { reply: [], waiting: [] },
  reply_due_at: null,
  waiting_due_at: null,
  answer: null,
  position: 0,
  indexed_seq: 0,
  is_behind: false,
  effects: NO_EFFECTS,
  effects_at: null,
  merging: null,
})

/** Sets what follows from the rest, which indexes and the list need */
export function setDerived(chat: ChatDoc): void {
  chat.is_archived = chat.archived_at !== null
  chat.is_unread = chat.last_user_seq > chat.admin_viewed_seq
  const last = chat.messages.at(-1)
  // Without any, the last one is outside of the document, and its sender is known
  if (last) chat.last_message_by = senderOf(last)
  chat.is_behind = chat.last_seq > chat.indexed_seq
  chat.reply_due_at = dueAt(chat.mails.reply)
  chat.waiting_due_at = dueAt(chat.mails.waiting)
  const isToDo = chat.merging !== null || Object.values(chat.effects).some((list) => list.length > 0)
  if (!isToDo) chat.effects_at = null
  else chat.effects_at ??= isoTime(systemClock.now())
}

const senderOf = ({ sender_type, sender_id, sender_name, automated }: MessageDoc): StaffSender | null =>
  lastMessageBy({
    last_by_id: sender_type === 'admin' ? sender_id : null,
    last_by_name: sender_name,
    last_by_automated: automated,
  })

/** The notification that is to be looked at first. One that is pending waits while another one is on its way */
export function dueMail(mails: MailDoc[]): MailDoc | undefined {
  const held = mails.filter(({ state }) => state === 'claimed' || state === 'sending')
  const due = held.length > 0 ? held : mails.filter(({ state }) => state === 'pending')
  return due.toSorted((a, b) => (a.due_at < b.due_at ? -1 : 1))[0]
}
const dueAt = (mails: MailDoc[]): string | null => dueMail(mails)?.due_at ?? null

/** As the rules know it */
export const ruled = <Chat extends { tags: string[] }>(chat: Chat): Omit<Chat, 'tags'> & { tags: string | null } => ({
  ...chat,
  tags: tagsText(chat.tags),
})
export const mergeable = (chat: ChatDoc): MergeableChat => ({ ...ruled(chat), id: chat._id })

/** Adds an activity that was placed, for which the rules have moved the head on */
export function addActivity(chat: ChatDoc, activity: SupportActivity): void {
  chat.activities.push(activityRow(activity))
  chat.last_activity_seq = activity.seq
  chat.last_activity_at = activity.created_at
}

export function addCounts(chat: ChatDoc, counts: readonly Count[]): void {
  if (counts.length === 0) return
  chat.effects.counts.push({
    id: `${chat._id}:${chat.version}`,
    shard: shardOfProcess(),
    rows: counts.map(numberRow),
  })
}

/** A notification that waits, unless one does */
export function addPending(chat: ChatDoc, kind: 'reply' | 'waiting', id: string, due_at: string, at: string): void {
  const mails = chat.mails[kind]
  if (!mails.some(({ state }) => state === 'pending')) mails.push(pendingMail(id, due_at, at))
}

export const pendingMail = (id: string, due_at: string, at: string): MailDoc => ({
  id,
  state: 'pending',
  due_at,
  after_seq: 0,
  up_to_seq: 0,
  address: null,
  claim: 0,
  refusals: 0,
  reason: null,
  created_at: at,
  updated_at: at,
  delivery: null,
  delivery_at: null,
  delivery_reason: null,
})

export function setLast(chat: ChatDoc, last: SupportMessage): void {
  chat.last_message_preview = messagePreview(last)
  chat.last_message_sender = last.sender_type
}
