// What the thread draws, top to bottom: the rows of the messages, and between them, by time, what only staff see.
import type { SupportActivity } from '../../protocol/activity.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import { blockOf } from '../../ui/blocks.ts'
import { dayKey } from '../../ui/dates.ts'
import { isStored, type Row } from '../../ui/rows.ts'

export type ThreadRow = Row | { kind: 'activity'; key: string; activity: SupportActivity }

/** Stored activity that the loaded messages reach back to, by the block of the message before it */
export function activityByBlock(
  messages: readonly SupportMessage[],
  hasMore: boolean,
  activities: readonly SupportActivity[],
): ReadonlyMap<number, readonly SupportActivity[]> {
  const blocks = new Map<number, SupportActivity[]>()
  let next = 0
  for (const activity of activities) {
    // Both ascend in time. What a message caused has its time, and stands before it
    while ((messages[next]?.created_at ?? '~') < activity.created_at) next++
    const before = messages[next - 1]
    // It lies among messages that are not loaded
    if (!before && hasMore) continue
    const block = blockOf(before?.seq ?? messages[0]?.seq ?? 0)
    const inBlock = blocks.get(block)
    if (inBlock) inBlock.push(activity)
    else blocks.set(block, [activity])
  }
  return blocks
}

/** The last thing above a block */
export interface Above {
  /** ISO 8601; null: there is nothing */
  at: string | null
  /** It is no message, so no run of messages goes on */
  isActivity: boolean
}

/**
 * @param rows of the messages of a block
 * @param activities of the same block
 */
export function withActivity(rows: readonly Row[], activities: readonly SupportActivity[], above: Above): ThreadRow[] {
  const out: ThreadRow[] = []
  let day = above.at === null ? '' : dayKey(above.at)
  let isApart = above.isActivity
  let next = 0
  const activityUntil = (time: string): boolean => {
    const from = next
    for (let one = activities[next]; one && one.created_at <= time; one = activities[++next]) {
      if (dayKey(one.created_at) !== day) {
        day = dayKey(one.created_at)
        out.push({ kind: 'day', key: `day ${day}`, at: one.created_at })
      }
      out.push({ kind: 'activity', key: one.client_id ?? one.id, activity: one })
    }
    return next > from
  }
  let waiting: Row[] = []
  for (const row of rows) {
    if (row.kind !== 'message') {
      waiting.push(row)
      continue
    }
    const { message } = row.entry
    if (activityUntil(isStored(message) ? message.created_at : END)) isApart = true
    for (const divider of waiting) {
      if (divider.kind === 'day' && dayKey(divider.at) === day) continue
      if (divider.kind === 'day') day = dayKey(divider.at)
      out.push(divider)
    }
    waiting = []
    if (isStored(message)) day = dayKey(message.created_at)
    out.push(isApart && !row.entry.first ? { ...row, entry: { ...row.entry, first: true } } : row)
    isApart = false
  }
  activityUntil(END)
  return endRuns(out)
}

/** After every time */
const END = '~'

/** A run of messages ends where something stands between them. Where the block ends, it may go on in the next one */
const endRuns = (rows: ThreadRow[]): ThreadRow[] =>
  rows.map((row, i) => {
    const next = rows[i + 1]
    const goesOn = next === undefined || next.kind === 'message'
    return row.kind !== 'message' || row.entry.last || goesOn ? row : { ...row, entry: { ...row.entry, last: true } }
  })
