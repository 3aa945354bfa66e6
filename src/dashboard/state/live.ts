// Keeps the lists right without a reload: by events, by loading everything again after each (re)connect, since what happened
// in between was not heard, and while nothing tells of events, by polling.
import type { Cable } from '../../client/connection/cable.ts'
import { ADMIN_CHANNEL } from '../../protocol/cable.ts'
import type { AdminNotificationMessage } from '../../protocol/events.ts'
import { POLL_EVERY } from '../../protocol/timing.ts'
import type { SupportChatListItem, SupportUser } from '../../protocol/types.ts'
import { every, type Clock } from './environment.ts'

export interface LiveOptions {
  cable: Pick<Cable, 'subscribe' | 'restAnswered'>
  clock: Clock
  /** A row of the list changed */
  rowChanged: (chat: SupportChatListItem) => void
  /** Who a chat is about changed */
  personChanged: (chatId: string, user: SupportUser) => void
  /** The chat was erased, together with its user */
  erased: (chatId: string) => void
  /** Something happened in some chat */
  happened: () => void
  connected: () => void
  /** Resolves to false when nothing was asked; rejects when there is no answer */
  poll: () => Promise<boolean>
}

/** @returns what ends it */
export function goLive({
  cable,
  clock,
  rowChanged,
  personChanged,
  erased,
  happened,
  connected,
  poll,
}: LiveOptions): () => void {
  const subscription = cable.subscribe(
    { channel: ADMIN_CHANNEL },
    {
      events: 'admin/events',
      connected,
      message: (message) => {
        const event = message as AdminNotificationMessage
        if (event.type === 'chat_updated') rowChanged(event.chat)
        else if (event.type === 'person_updated') personChanged(event.chat_id, event.user)
        else if (event.type === 'chat_erased') erased(event.chat_id)
        happened()
      },
    },
  )
  const ask = async (): Promise<void> => {
    try {
      if (!(await poll())) return
      cable.restAnswered(true)
      happened()
    } catch {
      cable.restAnswered(false)
    }
  }
  const stop = every(clock, POLL_EVERY, () => {
    if (!subscription.live) void ask()
  })
  return () => {
    stop()
    subscription.unsubscribe()
  }
}
