// What the log draws, top to bottom: dividers, and messages that know their place in a run.
import type { ConversationState, PendingMessage } from '../client/conversation/conversation.ts'
import type { SenderType, SupportMessage } from '../protocol/types.ts'
import { dayKey } from './time.ts'

export type Entry = Pick<SupportMessage, 'content' | 'created_at' | 'sender_type' | 'sender_name'> & {
  pending: PendingMessage | null
}

export type Row =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'new'; key: string }
  | { kind: 'message'; key: string; entry: Entry; own: boolean; first: boolean; last: boolean; seen: boolean }

const RUN = 5 * 60_000

export function toRows(state: ConversationState, role: SenderType, newFrom: number | null): Row[] {
  const seenSeq = state.messages.findLast((m) => m.sender_type === role && m.seq <= state.other_read_seq)?.seq
  const rows: Row[] = []
  let previous: Extract<Row, { kind: 'message' }> | null = null
  let day = ''
  const turnTo = (at: string): void => {
    if (dayKey(at) === day) return
    day = dayKey(at)
    rows.push({ kind: 'day', key: `day ${day}`, at })
    previous = null
  }
  const add = (key: string, entry: Entry, seen: boolean): void => {
    turnTo(entry.created_at)
    const first = !previous || !joins(previous.entry, entry)
    if (previous && !first) previous.last = false
    previous = { kind: 'message', key, entry, own: entry.sender_type === role, first, last: true, seen }
    rows.push(previous)
  }
  for (const message of state.messages) {
    if (message.seq === newFrom) {
      turnTo(message.created_at)
      rows.push({ kind: 'new', key: 'new' })
      previous = null
    }
    // A pending message keeps its element when it becomes a stored one: nothing flickers, nothing is read twice.
    add(message.client_id ?? message.id, { ...message, pending: null }, message.seq === seenSeq)
  }
  for (const pending of state.pending) {
    const { client_id, content, created_at } = pending
    add(client_id, { content, created_at, sender_type: role, sender_name: null, pending }, false)
  }
  return rows
}

function joins(a: Entry, b: Entry): boolean {
  if (a.sender_type !== b.sender_type) return false
  // Our own pending message has no name yet; it is ours all the same.
  if (a.sender_name !== b.sender_name && !b.pending && !a.pending) return false
  return Date.parse(b.created_at) - Date.parse(a.created_at) < RUN
}

/** Where the "New" divider goes: the other side's first unread message */
export const firstUnread = (messages: readonly SupportMessage[], role: SenderType): number | null =>
  messages.find((message) => message.sender_type !== role && message.read_at === null)?.seq ?? null
