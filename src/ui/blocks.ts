// A long log in blocks of messages. What happens in a chat changes one or two of them, and the others are not even looked at: what a
// keystroke, a reply or a mark costs does not grow with what is loaded.
import type { SenderType, SupportMessage } from '../protocol/types.ts'
import { isStored, toRows, type Row, type Shown } from './rows.ts'

/** Messages in a block. By their `seq`, so that older pages leave the blocks that are there as they are */
const SIZE = 16

export const blockOf = (seq: number): number => Math.floor(seq / SIZE)

/** The message before a block, of messages in order of `seq` and without gaps */
export const lastBefore = (messages: readonly SupportMessage[], at: number): SupportMessage | undefined =>
  messages[at * SIZE - (messages[0]?.seq ?? 0) - 1]

export interface Block extends Omit<Shown, 'other_read_seq'> {
  /** The messages of the block between the two beside it, which decide where runs and days begin and end */
  messages: readonly SupportMessage[]
  /** The newest own message that was read; 0 unless it is in the block */
  seen: number
  /** Where the "New" divider stands; null unless it is in the block */
  newFrom: number | null
}

const NONE: Shown['pending'] = []

/**
 * @param at which block, of those that have messages
 * @param before the same block as it was drawn last; its list of messages is taken over if nothing in it has changed
 */
export function cutBlock(shown: Shown, at: number, seen: number, newFrom: number | null, before?: Block): Block {
  const { messages, pending, connection } = shown
  const first = messages[0]?.seq ?? 0
  const from = Math.max(0, at * SIZE - first - 1)
  const cut = messages.slice(from, (at + 1) * SIZE - first + 1)
  const isLast = at === blockOf(messages.at(-1)?.seq ?? 0)
  const isSame = before?.messages.length === cut.length && cut.every((message, i) => message === before.messages[i])
  return {
    messages: isSame ? before.messages : cut,
    pending: isLast ? pending : NONE,
    connection: isLast ? connection : 'connected',
    seen: blockOf(seen) === at ? seen : 0,
    newFrom: newFrom !== null && blockOf(newFrom) === at ? newFrom : null,
  }
}

/** What the block draws */
export function rowsOf(at: number, { seen, newFrom, ...shown }: Block, role: SenderType): Row[] {
  const rows = toRows({ ...shown, other_read_seq: seen }, role, newFrom)
  const isBeside = (row: Row | undefined): boolean =>
    row?.kind === 'message' && isStored(row.entry.message) && blockOf(row.entry.message.seq) !== at
  const first = rows.findIndex(({ kind }) => kind === 'message')
  const end = rows.length - 1
  return rows.slice(
    isBeside(rows[first]) ? first + 1 : 0,
    isBeside(rows[end]) ? rows.findLastIndex((row, i) => i < end && row.kind === 'message') + 1 : rows.length,
  )
}
