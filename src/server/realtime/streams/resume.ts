// How a returning client gets what it missed.
import { MAX_REPLAY } from '../../../protocol/limits.ts'
import type { Core } from '../../core.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
import { BACKLOGS } from './backlog.ts'
import { replay } from './replay.ts'
import type { Subscription } from './subscription.ts'

interface Resumption {
  chat: { id: string }
  subscription: Subscription
  /**
   * Finds the last seq that the client has; undefined when it cannot continue from its position
   * @param row of the chat; undefined: it is stored nowhere
   */
  from: (row: ChatRecord | undefined) => number | undefined | Promise<number | undefined>
  /** When more messages than this were missed, none is sent. Default: `MAX_REPLAY` */
  limit?: number
}

/**
 * Replays what was missed to a held subscription; one to a chat then gets the chat's state.
 * @returns false when the client must load the chat over REST instead
 */
export async function resume(
  core: Core,
  { chat, subscription, from, limit = MAX_REPLAY }: Resumption,
): Promise<boolean> {
  try {
    // Read once, and after the subscription joined: what changes from now on is held, and follows
    const row = await core.store.findChat(chat.id)
    const after = await from(row)
    if (after === undefined || !(await replay(core, { chat, row, subscription, after, limit }))) return false
    if (row && subscription.topic.type === 'chat') sendState(core, row, subscription)
    return true
  } catch {
    // The database is unavailable
    return false
  }
}

/** Where a client says that it is */
interface Position {
  row: ChatRecord | undefined
  /** What it follows of the chat. Default: its messages */
  of?: keyof typeof BACKLOGS
  offset: unknown
  epoch: unknown
}

/**
 * @returns the seq to continue from; undefined for a position in another epoch of the database, or ahead of it.
 * Position 0 is the start in every epoch.
 */
export function resumeFrom(
  { store }: Pick<Core, 'store'>,
  { row, of = 'chat', offset, epoch }: Position,
): number | undefined {
  if (epoch !== store.epoch && offset !== 0) return undefined
  if (!Number.isSafeInteger(offset) || Number(offset) < 0) return undefined
  const last = row ? BACKLOGS[of].last(row) : 0
  return Number(offset) <= last ? Number(offset) : undefined
}

/**
 * Sends the chat's state: how far each side has read, whether the chat is archived, who is present. The events that led to it
 * are not stored, so they cannot be replayed.
 */
function sendState({ hub }: Core, chat: ChatRecord, subscription: Subscription): void {
  const { user_read_seq, user_read_at, admin_viewed_seq, admin_viewed_at, archived_at } = chat
  if (user_read_at !== null)
    subscription.send({ type: 'messages_read', reader: 'user', up_to_seq: user_read_seq, read_at: user_read_at })
  if (admin_viewed_at !== null)
    subscription.send({ type: 'messages_read', reader: 'admin', up_to_seq: admin_viewed_seq, read_at: admin_viewed_at })
  subscription.send({ type: 'chat_updated', archived: archived_at !== null })
  subscription.send({ type: 'presence', ...hub.presence(chat.id) })
}
