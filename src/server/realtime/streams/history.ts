// What a client that returns has missed: whether it may go on from where it says that it is, and what no replay tells.
import type { ChatChannelMessage } from '../../../protocol/events.ts'
import type { Core } from '../../core.ts'
import type { Subscription } from './subscription.ts'

/** Messages that a replay has in memory: many may run at once */
const PAGE = 100
/** Characters around a message's own in a frame, about */
const FRAME = 300
/** Characters that a replay writes before it lets the peer take them */
const REPLAY_CHUNK = 64 * 1024

/**
 * @returns the seq to go on from; undefined when that cannot be: another incarnation of the database, or ahead of it.
 * The start is the start in every epoch.
 */
export async function resumeFrom(
  { store }: Core,
  chatId: string,
  offset: unknown,
  epoch: unknown,
): Promise<number | undefined> {
  if (epoch !== store.epoch && offset !== 0) return undefined
  if (!Number.isSafeInteger(offset) || Number(offset) < 0) return undefined
  const last = (await store.findChat(chatId))?.last_seq ?? 0
  return Number(offset) <= last ? Number(offset) : undefined
}

/**
 * Tells one who returned how things are besides the messages: who has read how far, whether the chat is archived, who is here.
 * Those events are not stored, so whoever missed them is told where they led. To be called after joining the stream: what
 * changes from then on follows by itself.
 */
export async function tellState({ store, hub }: Core, chatId: string, subscription: Subscription): Promise<void> {
  const chat = await store.findChat(chatId)
  if (!chat) return
  const { user_read_seq, user_read_at, admin_viewed_seq, admin_viewed_at, archived_at } = chat
  const tell = (event: ChatChannelMessage): void => subscription.tell(JSON.stringify(event))
  if (user_read_at !== null)
    tell({ type: 'messages_read', reader: 'user', up_to_seq: user_read_seq, read_at: user_read_at })
  if (admin_viewed_at !== null)
    tell({ type: 'messages_read', reader: 'admin', up_to_seq: admin_viewed_seq, read_at: admin_viewed_at })
  tell({ type: 'chat_updated', archived: archived_at !== null })
  tell({ type: 'presence', ...hub.presence(chatId) })
}

/**
 * Writes what came after `after` to a held subscription.
 * @param limit give up, and write nothing, when there is more than this
 * @returns whether that was all
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
  // A client that remembers more than there is, as after a restored backup, must hear what is written from now on
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
