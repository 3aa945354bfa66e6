import type { Core } from '../../core.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
import { BACKLOGS } from './backlog.ts'
import type { Subscription } from './subscription.ts'

/** Characters that a replay writes before it waits for the peer */
const REPLAY_CHUNK = 64 * 1024

const NOTHING = { events: [], has_more: false }

interface Replay {
  chat: { id: string }
  /** Of the chat, read since the subscription joined; undefined: it is stored nowhere */
  row: ChatRecord | undefined
  subscription: Subscription
  after: number
  /** When more than this was missed, nothing is written. Default: no limit */
  limit?: number
}

/**
 * Writes what is stored after the seq `after` to a held subscription: messages, or activity.
 * @returns whether all of it was written
 */
export async function replay(
  { store }: Core,
  { chat, row, subscription, after, limit = Infinity }: Replay,
): Promise<boolean> {
  const { topic } = subscription
  if (!subscription.isOpen || topic.type === 'staff') return false
  const backlog = BACKLOGS[topic.type]
  const last = row ? backlog.last(row) : 0
  // Seqs have no gaps, so the difference is the number of entries
  if (last - after > limit) return false
  // After a restart everybody comes back, and few missed anything. What was stored since the row was read is live
  let page = last > after ? await backlog.read(store, chat.id, after) : NOTHING
  // After a restored backup a client may be ahead of the chat; it must still get what is new
  subscription.rewind(Math.min(after, last))
  let written = 0
  for (;;) {
    for (const stored of page.events) {
      subscription.replay(stored)
      written += stored.size
      if (written < REPLAY_CHUNK) continue
      written = 0
      await subscription.drained()
      if (!subscription.isOpen) return false
    }
    const end = page.events.at(-1)
    if (!page.has_more || !end) return true
    page = await backlog.read(store, chat.id, end.seq)
  }
}
