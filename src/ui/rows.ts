// What the log draws, top to bottom: dividers, and messages with their place in a run of the same sender.
import type { ConversationState } from '../client/conversation/conversation-state.ts'
import type { PendingMessage } from '../client/conversation/outbox.ts'
import type { SenderType, SupportMessage } from '../protocol/types.ts'
import { dayKey } from './dates.ts'

export interface Entry {
  /** The state's own object: a message that changed is another object, and only then is it drawn again */
  message: SupportMessage | PendingMessage
  own: boolean
  /** Of its run */
  first: boolean
  last: boolean
  /** The newest of ours that the other side has read */
  seen: boolean
}

export type Row =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'new'; key: string }
  | { kind: 'message'; key: string; entry: Entry }

export type Shown = Pick<ConversationState, 'messages' | 'pending' | 'other_read_seq' | 'connection'>

/** Milliseconds: messages of one sender that follow each other within this time are one run */
const RUN = 5 * 60_000

export const isStored = (message: SupportMessage | PendingMessage): message is SupportMessage => 'seq' in message

export function toRows(shown: Shown, role: SenderType, newFrom: number | null): Row[] {
  const { messages, pending, other_read_seq } = shown
  const sendingAt = dayOfPending(shown)
  const seen = messages.findLast((message) => message.sender_type === role && message.seq <= other_read_seq)
  const rows: Row[] = []
  let previous: Entry | null = null
  let day = ''
  for (const message of [...messages, ...pending]) {
    const stored = isStored(message)
    const at = stored ? message.created_at : sendingAt
    if (at !== null && dayKey(at) !== day) {
      day = dayKey(at)
      rows.push({ kind: 'day', key: `day ${day}`, at })
      previous = null
    }
    if (stored && message.seq === newFrom) {
      rows.push({ kind: 'new', key: 'new' })
      previous = null
    }
    const own = !stored || message.sender_type === role
    const first: boolean = !previous || !joins(previous, message, own)
    if (previous && !first) previous.last = false
    // A pending message keeps its element when it becomes a stored one: it does not flicker and is not read out twice.
    const key = message.client_id ?? (stored ? message.id : '')
    previous = { message, own, first, last: true, seen: message === seen }
    rows.push({ kind: 'message', key, entry: previous })
  }
  return rows
}

/**
 * When the pending messages are of a later day than the stored ones, a time of that day. Until they are sent they have no day, and
 * their times are by this machine's clock, which may be a day off: they stand below the newest day that there is.
 */
function dayOfPending({ messages, pending, connection }: Shown): string | null {
  const newest = pending
    .map((message) => message.created_at)
    .sort()
    .at(-1)
  const last = messages.at(-1)
  if (newest === undefined || !last) return newest ?? null
  const areSent = connection === 'connected' && pending.some((message) => message.status === 'sending')
  return areSent && Date.parse(newest) > Date.parse(last.created_at) ? newest : null
}

function joins(before: Entry, message: SupportMessage | PendingMessage, own: boolean): boolean {
  const a = before.message
  // Our own pending message has no name yet; it is ours all the same.
  const isSameSender = !isStored(a) || !isStored(message) || a.sender_name === message.sender_name
  // The next one may be earlier: what was not sent yesterday, or what this machine's clock dates
  const apart = Math.abs(Date.parse(message.created_at) - Date.parse(a.created_at))
  return before.own === own && isSameSender && apart < RUN
}

/** Where the "New" divider goes: the other side's first unread message */
export const firstUnread = (messages: readonly SupportMessage[], role: SenderType): number | null =>
  messages.find((message) => message.sender_type !== role && message.read_at === null)?.seq ?? null
