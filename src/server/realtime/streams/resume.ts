// How a client that returns gets what it missed.
import { MAX_REPLAY } from '../../../protocol/limits.ts'
import type { Core } from '../../core.ts'
import { replay } from './replay.ts'
import type { Subscription } from './subscription.ts'

/**
 * Replays the messages that were missed to a held subscription, then sends the chat's state.
 * @param from resolves to the seq that the client has; undefined when it cannot go on from where it is
 * @returns false when the client must load the chat over REST instead
 */
export async function resume(
  core: Core,
  chat: { id: string },
  subscription: Subscription,
  from: () => Promise<number | undefined>,
): Promise<boolean> {
  try {
    const after = await from()
    if (after === undefined || !(await replay(core, chat, subscription, after, MAX_REPLAY))) return false
    await sendState(core, chat.id, subscription)
    return true
  } catch {
    // The database is away
    return false
  }
}

/**
 * @returns the seq to go on from; undefined for a position in another incarnation of the database, or ahead of it.
 * Position 0 is the start in every epoch.
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
 * Sends a chat's state besides its messages: how far each side has read, whether the chat is archived, who is in it. The events
 * that led there are not stored, so they cannot be replayed. Call it after the subscription joined: later changes then follow.
 */
async function sendState({ store, hub }: Core, chatId: string, subscription: Subscription): Promise<void> {
  const chat = await store.findChat(chatId)
  if (!chat) return
  const { user_read_seq, user_read_at, admin_viewed_seq, admin_viewed_at, archived_at } = chat
  if (user_read_at !== null)
    subscription.send({ type: 'messages_read', reader: 'user', up_to_seq: user_read_seq, read_at: user_read_at })
  if (admin_viewed_at !== null)
    subscription.send({ type: 'messages_read', reader: 'admin', up_to_seq: admin_viewed_seq, read_at: admin_viewed_at })
  subscription.send({ type: 'chat_updated', archived: archived_at !== null })
  subscription.send({ type: 'presence', ...hub.presence(chatId) })
}
