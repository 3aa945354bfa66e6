// The state of a conversation at one moment, and pure functions from one state to the next.
import type { AttachmentLimits } from '../../protocol/attachments.ts'
import type { ClosedPeriod, SenderType, SupportMessage } from '../../protocol/types.ts'
import type { ApiError } from '../api-error.ts'
import type { ConnectionStatus } from '../connection/status.ts'
import type { PendingMessage } from './outbox.ts'

export interface ConversationState {
  status: 'loading' | 'ready' | 'error'
  connection: ConnectionStatus
  /** Whose conversation it is on this side, as an opaque name; null until known. Before that nothing can be sent */
  person: string | null
  /** The server knows nobody by the credentials of this client, as of its last answer */
  signed_out: boolean
  chat_id: string | null
  /** In order of `seq`, without gaps, each once */
  messages: readonly SupportMessage[]
  /** Own messages that the server has not confirmed, oldest first */
  pending: readonly PendingMessage[]
  /** Older messages exist before the first one here */
  has_more: boolean
  loading_older: boolean
  /** Messages of the other side that this side has not read */
  unread_count: number
  /** The other side has read up to this seq */
  other_read_seq: number
  typing: { name: string | null } | null
  user_online: boolean
  admins_online: number
  archived: boolean
  /** Replies that the user does not read go to them by e-mail; undefined until known, and for staff */
  replies_by_email?: boolean | undefined
  /** Files that a message may carry; null: none; undefined until known */
  attachments?: AttachmentLimits | null | undefined
  /** When nobody of staff answers, as `SupportChat` has it; undefined until known, and for staff */
  closed?: ClosedPeriod | null | undefined
  error: ApiError | null
}

export const initialState = (connection: ConnectionStatus): ConversationState => ({
  status: 'loading',
  connection,
  person: null,
  signed_out: false,
  chat_id: null,
  messages: [],
  pending: [],
  has_more: false,
  loading_older: false,
  unread_count: 0,
  other_read_seq: 0,
  typing: null,
  user_online: false,
  admins_online: 0,
  archived: false,
  error: null,
})

export const lastSeq = (messages: readonly SupportMessage[]): number => messages.at(-1)?.seq ?? 0

/**
 * The newest page joins the messages that are held, if the two touch; otherwise it replaces them. The page lacks what came live
 * while it was on its way, and shows as unread what was read meanwhile. A message that is as it was stays the same object, so
 * that views can tell by identity what to draw again.
 */
export function joinNewest(
  held: readonly SupportMessage[],
  page: readonly SupportMessage[],
): readonly SupportMessage[] {
  const first = page[0]
  // The page was read before the first message was written.
  if (!first) return held
  if (first.seq > lastSeq(held) + 1) return page
  const from = held[0]?.seq ?? 0
  return [
    ...held.filter((message) => message.seq < first.seq),
    ...page.map((message) => {
      const mine = held[message.seq - from]
      const now = mine && message.read_at === null ? { ...message, read_at: mine.read_at } : message
      return mine && JSON.stringify(mine) === JSON.stringify(now) ? mine : now
    }),
    ...held.filter((message) => message.seq > lastSeq(page)),
  ]
}

export const countUnread = (messages: readonly SupportMessage[], reader: SenderType): number =>
  messages.filter((m) => m.sender_type !== reader && m.read_at === null).length

/** The seq up to which the other side has read what `sender` wrote */
export const readSeq = (messages: readonly SupportMessage[], sender: SenderType): number =>
  messages.findLast((message) => message.sender_type === sender && message.read_at !== null)?.seq ?? 0

export function markMessagesRead(
  messages: readonly SupportMessage[],
  reader: SenderType,
  upTo: number,
  at: string,
): readonly SupportMessage[] {
  const fresh = (m: SupportMessage): boolean => m.sender_type !== reader && m.read_at === null && m.seq <= upTo
  return messages.some(fresh) ? messages.map((m) => (fresh(m) ? { ...m, read_at: at } : m)) : messages
}
