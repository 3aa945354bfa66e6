import type { Core } from '../../core.ts'
import type { Subscription } from './subscription.ts'

/** Messages that a replay has in memory: many may run at once */
const PAGE = 100
/** Characters around a message's own in a frame, about */
const FRAME = 300
/** Characters that a replay writes before it lets the peer take them */
const REPLAY_CHUNK = 64 * 1024

/**
 * Writes the stored messages after the seq `after` to a held subscription.
 * @param limit when more messages than this were missed, none is written
 * @returns whether all of them were written
 */
export async function replay(
  { store }: Core,
  chat: { id: string },
  subscription: Subscription,
  after: number,
  limit = Infinity,
): Promise<boolean> {
  if (!subscription.isOpen) return false
  const last_seq = (await store.findChat(chat.id))?.last_seq ?? 0
  // There are no holes, so the last seq says how many there are
  if (last_seq - after > limit) return false
  let page = await store.messages(chat.id, { after, limit: PAGE })
  // A client that remembers more than there is, as after a restored backup, must get what is written from now on
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
