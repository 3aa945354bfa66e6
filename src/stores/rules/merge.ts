// What becomes of two chats of one person, where the messages of a visitor's chat follow those of the account's.
import { isoTime } from '../../server/ports/clock.ts'
import type { SenderType } from '../../protocol/types.ts'
import type { NotificationKind } from '../../server/ports/store/notifications.ts'

/** The part of a chat's row that a merge looks at */
export interface MergeableChat {
  id: string
  user_id: string
  last_seq: number
  last_user_seq: number
  last_message_at: string | null
  last_message_preview: string | null
  last_message_sender: SenderType | null
  archived_at: string | null
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
  'user_read_seq',
  'user_read_at',
  'admin_viewed_seq',
  'admin_viewed_at',
  'notified_seq',
  'staff_notified_seq',
] as const satisfies (keyof MergeableChat)[]

/** Messages that one transaction moves. People write fewer; a chat of more stays the visitor's, and staff have both */
const MOST_MOVED = 10_000

/** Whether a visitor's chat cannot follow that of an account */
export const isTooLong = ({ last_seq }: Pick<MergeableChat, 'last_seq'>): boolean => last_seq > MOST_MOVED

/** What is known of the account's chat beside its row */
export interface OwnUnread {
  /** The seq of the last message of staff; 0: there is none */
  last_admin_seq: number
  /** An e-mail of this kind about it is waiting or under way */
  has_open_mail: Record<NotificationKind, boolean>
}

/**
 * The account's row after the merge.
 * @param own the account's, with at least one message
 * @param theirs the visitor's, with at least one message
 */
export function mergedChat(own: MergeableChat, theirs: MergeableChat, unread: OwnUnread): MergeableChat {
  const n = own.last_seq
  const reads = own.user_read_seq >= unread.last_admin_seq && theirs.user_read_seq > 0
  const views = own.admin_viewed_seq >= own.last_user_seq && theirs.admin_viewed_seq > 0
  return {
    ...own,
    last_seq: n + theirs.last_seq,
    last_user_seq: theirs.last_user_seq > 0 ? n + theirs.last_user_seq : own.last_user_seq,
    last_message_at: moved(theirs.last_message_at ?? '', theirs.last_seq, own),
    last_message_preview: theirs.last_message_preview,
    last_message_sender: theirs.last_message_sender,
    archived_at: theirs.archived_at === null ? null : own.archived_at,
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

/** The time of the visitor's message `seq` after the merge: its own, or where the account's last message is newer, some ms after that */
const moved = (time: string, seq: number, { last_message_at }: MergeableChat): string => {
  const after = isoTime(Date.parse(last_message_at ?? '') + seq)
  return time > after ? time : after
}

const newer = (a: string | null, b: string | null): string | null => ((a ?? '') > (b ?? '') ? a : b)

/** When the e-mail about what the account has not read is due. @param due of the open ones of both chats */
export const earliest = (due: string[]): string | undefined => due.toSorted()[0]
