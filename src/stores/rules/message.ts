// What every engine does with a message that comes in.
import type { SupportAttachment } from '../../protocol/attachments.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import type { SupportActivity } from '../../protocol/activity.ts'
import { isVisitor } from '../../protocol/visitor.ts'
import type { AppendOutcome, NewMessage } from '../../server/ports/store/messages.ts'
import { placeAssigned, placeHandedOver, placeUnarchivedByMessage, type ActivityHead } from './activity.ts'
import type { WaitingHead } from './numbers.ts'
import { later } from './later.ts'

/** The part of a chat's row that a batch changes; written once per batch */
export interface Head extends ActivityHead, WaitingHead {
  user_id: string
  last_seq: number
  last_user_seq: number
  last_message_at: string | null
  archived_at: string | null
  assignee_id: string | null
  assignee_name: string | null
  blocked_at: string | null
  /** Since when a person of staff answers, and not the assistant; null: it does */
  assistant_off_at: string | null
  /** Its tags, as they are stored; null: it has none */
  tags: string | null
  /** The last message of this batch */
  last: SupportMessage | null
}

/** A visitor whose chat has gone to an account may still be writing to it */
export const isTheirChat = ({ sender_id }: NewMessage, { user_id }: Pick<Head, 'user_id'>): boolean =>
  !isVisitor(sender_id) || sender_id === user_id

/** Nothing more of the user is taken in. What was stored before is theirs, so a repeat of it is answered like any other */
export const isRefused = ({ sender_type }: NewMessage, { blocked_at }: Pick<Head, 'blocked_at'>): boolean =>
  sender_type === 'user' && blocked_at !== null

/** The message as it is stored if it is new */
export function place(
  { id, content, sender_type, sender_name, client_id, created_at, automated }: NewMessage,
  chat: Head,
  attachments: SupportAttachment[],
): SupportMessage {
  const seq = chat.last_seq + 1
  return {
    id,
    seq,
    content,
    sender_type,
    sender_name,
    client_id,
    read_at: null,
    created_at: later(created_at, chat.last_message_at),
    attachments,
    ...(automated && { automated: true }),
  }
}

/** It comes too late to answer */
export const isOvertaken = ({ answers_seq }: NewMessage, chat: Head): boolean =>
  answers_seq !== undefined &&
  (chat.last_seq !== answers_seq || chat.assistant_off_at !== null || chat.archived_at !== null)

/** What else happened by a message that was stored */
export type Advance = Pick<Extract<AppendOutcome, { kind: 'stored' }>, 'unarchived' | 'taken' | 'handed_over'>

/** The activity of it */
export const activitiesOf = ({ unarchived, taken, handed_over }: Advance): SupportActivity[] =>
  [unarchived, taken, handed_over].filter((activity) => activity !== null && activity !== undefined)

/** Updates the chat for a message that was placed */
export function advance(chat: Head, sent: NewMessage, message: SupportMessage): Advance {
  const { seq, created_at } = message
  const isUsers = sent.sender_type === 'user'
  const { archived_at } = chat
  const unarchived = isUsers && archived_at !== null
  const taken = sent.takes_chat === true && !isUsers && chat.assignee_id === null
  chat.last_seq = seq
  chat.last_message_at = created_at
  chat.last = message
  if (isUsers) {
    chat.last_user_seq = seq
    chat.archived_at = null
    // A conversation begins anew
    if (unarchived && (chat.assistant_off_at ?? '') <= archived_at) chat.assistant_off_at = null
  }
  const handsOver = sent.hands_over === true && chat.assistant_off_at === null
  if (handsOver || (!isUsers && !sent.automated)) chat.assistant_off_at ??= created_at
  const sender = { id: sent.sender_id, name: sent.sender_name }
  if (taken) {
    chat.assignee_id = sender.id
    chat.assignee_name = sender.name
  }
  return {
    unarchived: unarchived ? placeUnarchivedByMessage(chat, created_at) : null,
    taken: taken ? placeAssigned(chat, { assignee: sender, actor: sender, at: created_at, byReply: true }) : null,
    ...(handsOver && { handed_over: placeHandedOver(chat, { by: 'assistant', at: created_at }) }),
  }
}

/**
 * The sender repeats a message under its client_id, and does not use the client_id for another one. Compares all that the sender
 * wrote; a changed name does not make another message.
 */
export const isSameMessage = ({ content, attachments }: SupportMessage, sent: NewMessage): boolean =>
  content === sent.content && attachments.map(({ id }) => id).join() === (sent.attachment_ids ?? []).join()
