// What becomes of two chats of one person, where the messages of a visitor's chat follow those of the account's.
import { isoTime } from '../../server/ports/clock.ts'
import type { SenderType } from '../../protocol/types.ts'
import type { NotificationKind } from '../../server/ports/store/notifications.ts'
import type { SupportActivity } from '../../protocol/activity.ts'
import { MOST_MERGED } from '../../server/ports/store/visitors.ts'
import { newerRating } from './rating.ts'
import { placeAssigned, placeBlocked, type ActivityHead } from './activity.ts'

/** The part of a chat's row that a merge looks at */
export interface MergeableChat extends ActivityHead {
  id: string
  user_id: string
  last_seq: number
  last_user_seq: number
  last_message_at: string | null
  last_message_preview: string | null
  last_message_sender: SenderType | null
  archived_at: string | null
  assignee_id: string | null
  assignee_name: string | null
  blocked_at: string | null
  assistant_off_at: string | null
  waiting_since: string | null
  tags: string | null
  rating_score: number | null
  rating_comment: string | null
  rated_at: string | null
  user_read_seq: number
  user_read_at: string | null
  admin_viewed_seq: number
  admin_viewed_at: string | null
  notified_seq: number
  staff_notified_seq: number
}

export const MERGEABLE_COLUMNS = [
  'id',
  'user_id',
  'last_seq',
  'last_user_seq',
  'last_message_at',
  'last_message_preview',
  'last_message_sender',
  'archived_at',
  'assignee_id',
  'assignee_name',
  'blocked_at',
  'assistant_off_at',
  'waiting_since',
  'tags',
  'rating_score',
  'rating_comment',
  'rated_at',
  'user_read_seq',
  'user_read_at',
  'admin_viewed_seq',
  'admin_viewed_at',
  'notified_seq',
  'staff_notified_seq',
  'last_activity_seq',
  'last_activity_at',
] as const satisfies (keyof MergeableChat)[]

/** Whether a visitor's chat cannot follow that of an account: it stays the visitor's, and staff have both */
export const isTooLong = ({ last_seq, last_activity_seq }: MergeableChat): boolean =>
  Math.max(last_seq, last_activity_seq) > MOST_MERGED

/** Neither was anything written in it, nor did staff do anything with it, such as write a note */
export const isUntouched = ({
  last_seq,
  last_activity_seq,
}: Pick<MergeableChat, 'last_seq' | 'last_activity_seq'>): boolean => last_seq === 0 && last_activity_seq === 0

/** What is known of the account's chat beside its row */
export interface OwnUnread {
  /** The seq of the last message of staff; 0: there is none */
  last_admin_seq: number
  /** There is a message of staff in the other chat */
  theirs_has_reply: boolean
  /** An e-mail of this kind about it is waiting or under way */
  has_open_mail: Record<NotificationKind, boolean>
}

/**
 * The account's row after the merge.
 * @param own the account's, with at least one message
 * @param theirs the visitor's, in which something was done
 */
export function mergedChat(own: MergeableChat, theirs: MergeableChat, unread: OwnUnread): MergeableChat {
  const n = own.last_seq
  const reads = own.user_read_seq >= unread.last_admin_seq && theirs.user_read_seq > 0
  const views = own.admin_viewed_seq >= own.last_user_seq && theirs.admin_viewed_seq > 0
  return {
    ...own,
    ...mergedActivity(own, theirs),
    last_seq: n + theirs.last_seq,
    last_user_seq: theirs.last_user_seq > 0 ? n + theirs.last_user_seq : own.last_user_seq,
    last_message_at: moved(theirs.last_message_at ?? '', theirs.last_seq, own.last_message_at),
    // What staff did with a chat in which nothing was written changes nothing of these
    ...(theirs.last_seq > 0 && {
      last_message_preview: theirs.last_message_preview,
      last_message_sender: theirs.last_message_sender,
      archived_at: theirs.archived_at === null ? null : own.archived_at,
    }),
    ...assigneeOf(own, theirs),
    blocked_at: blockOf(own, theirs),
    assistant_off_at: assistantOffOf(own, theirs),
    // A reply in their chat, which comes last, has ended what waited in the account's
    waiting_since: unread.theirs_has_reply ? theirs.waiting_since : earlierOf(own.waiting_since, theirs.waiting_since),
    ...newerRating(own, theirs),
    // A mark says that everything up to it was read, so it only moves on where nothing before the visitor's messages is unread
    ...(reads && {
      user_read_seq: n + theirs.user_read_seq,
      user_read_at: newer(own.user_read_at, theirs.user_read_at),
    }),
    ...(views && {
      admin_viewed_seq: n + theirs.admin_viewed_seq,
      admin_viewed_at: newer(own.admin_viewed_at, theirs.admin_viewed_at),
    }),
    ...(theirs.notified_seq > 0 && !unread.has_open_mail.reply && { notified_seq: n + theirs.notified_seq }),
    ...(theirs.staff_notified_seq > 0 &&
      !unread.has_open_mail.waiting && { staff_notified_seq: n + theirs.staff_notified_seq }),
  }
}

/** Who has both chats: who has that of the visitor, which is the newer conversation, and if nobody does, who has that of the account */
export const assigneeOf = (own: Assigned, theirs: Assigned): Assigned => {
  const { assignee_id, assignee_name } = theirs.assignee_id === null ? own : theirs
  return { assignee_id, assignee_name }
}

/** Whoever was blocked as one of the two stays blocked, whatever they sign in as */
export const blockOf = (own: Blockable, theirs: Blockable): string | null => own.blocked_at ?? theirs.blocked_at

/** A person who answers in one of them has both, unless that conversation had ended */
export const assistantOffOf = (own: Answered, theirs: Answered): string | null =>
  theirs.assistant_off_at ?? (own.archived_at === null ? own.assistant_off_at : null)

type Answered = Pick<MergeableChat, 'assistant_off_at' | 'archived_at'>

type Blockable = Pick<MergeableChat, 'blocked_at'>

type Assigned = Pick<MergeableChat, 'assignee_id' | 'assignee_name'>

/** Two chats of which one is made */
export interface Merging {
  own: Assigned & Blockable
  theirs: Assigned & Blockable
  at: string
}

/**
 * What a merge tells of the assignment and the block.
 * @param chat the head after the merge, which is moved on
 */
export const placeMerged = (chat: ActivityHead, merging: Merging): SupportActivity[] =>
  [placeMergedAssignee(chat, merging), placeMergedBlock(chat, merging)].filter((activity) => activity !== undefined)

/** As with the assignment, clients take it from the last activity of it */
const placeMergedBlock = (chat: ActivityHead, { own, theirs, at }: Merging): SupportActivity | undefined =>
  (own.blocked_at === null) === (theirs.blocked_at === null) ? undefined : placeBlocked(chat, true, { at, actor: null })

/**
 * What a merge tells of the assignment: clients take it from the last activity that names an assignee, which may be that of either chat.
 * @returns undefined: both had the same one, so there is nothing to tell
 */
const placeMergedAssignee = (chat: ActivityHead, { own, theirs, at }: Merging): SupportActivity | undefined => {
  if (own.assignee_id === theirs.assignee_id) return undefined
  const { assignee_id: id, assignee_name: name } = assigneeOf(own, theirs)
  return placeAssigned(chat, { assignee: id === null ? null : { id, name }, actor: null, at })
}

/** The head of a chat after all activity of another one followed its own */
export function mergedActivity(to: ActivityHead, from: ActivityHead): ActivityHead {
  if (from.last_activity_at === null) return to
  return {
    last_activity_seq: to.last_activity_seq + from.last_activity_seq,
    last_activity_at: moved(from.last_activity_at, from.last_activity_seq, to.last_activity_at),
  }
}

/** The time of what has the number `seq` after the merge: its own, or where the last one of the other chat is newer, some ms after that */
const moved = (time: string, seq: number, last: string | null): string => {
  const after = last === null ? '' : isoTime(Date.parse(last) + seq)
  return time > after ? time : after
}

const newer = (a: string | null, b: string | null): string | null => ((a ?? '') > (b ?? '') ? a : b)

const earlierOf = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b < a) ? b : a)

/** When the e-mail about what the account has not read is due. @param due of the open ones of both chats */
export const earliest = (due: string[]): string | undefined => due.toSorted()[0]
