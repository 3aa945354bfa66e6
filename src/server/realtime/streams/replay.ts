import type { Core } from '../../core.ts'
import type { Subscription } from './subscription.ts'

/** Messages that a replay holds in memory; many replays may run at once */
const PAGE = 100
/** Approximate characters of a frame besides the message's content */
const FRAME = 300
/** Characters that a replay writes before it waits for the peer */
const REPLAY_CHUNK = 64 * 1024

interface Replay {
  chat: { id: string }
  subscription: Subscription
  after: number
  /** When more messages than this were missed, none is written. Default: no limit */
  limit?: number
}

/**
 * Writes the stored messages after the seq `after` to a held subscription.
 * @returns whether all of them were written
 */
export async function replay(
  { store }: Core,
  { chat, subscription, after, limit = Infinity }: Replay,
): Promise<boolean> {
  if (!subscription.isOpen) return false
  const last_seq = (await store.findChat(chat.id))?.last_seq ?? 0
  // Seqs have no gaps, so the difference is the number of messages
  if (last_seq - after > limit) return false
  let page = await store.messages(chat.id, { after, limit: PAGE })
  // After a restored backup a client may be ahead of the chat; it must still get new messages
  subscription.rewind(Math.min(after, last_seq))
  let written = 0
  for (;;) {
    for (const message of page.messages) {
      subscription.replay(message)
      written += FRAME + message.content.length
      if (written < REPLAY_CHUNK) continue
      written = 0
      await subscription.drained()
      if (!subscription.isOpen) return false
    }
    const last = page.messages.at(-1)
    if (!page.has_more || !last) return true
    page = await store.messages(chat.id, { after: last.seq, limit: PAGE })
  }
}
