// Keeps the lists right without a reload: by events, by loading everything again after each (re)connect, since what happened
// in between was not heard, and while nothing tells of events, by polling. A hosted service tells only that something happened,
// which is answered as a poll is.
import { effect, type ReadonlySignal } from '@preact/signals'
import type { Api } from '../../client/api.ts'
import type { Cable } from '../../client/connection/cable.ts'
import type { Subscription } from '../../client/connection/cable-frames.ts'
import { ADMIN_CHANNEL } from '../../protocol/cable.ts'
import type { AdminNotificationMessage } from '../../protocol/events.ts'
import { POLL_EVERY } from '../../protocol/timing.ts'
import type { Listening } from '../../protocol/listening.ts'
import type { SupportChatListItem, SupportUser } from '../../protocol/types.ts'
import { every, type Clock } from './environment.ts'

/** All hints within this time (ms) cause a single poll: a service may send many, for chats that are not on the screen */
const BETWEEN_LOOKS = 1_000

export interface LiveOptions {
  cable: Pick<Cable, 'subscribe' | 'restAnswered'>
  api: Api
  clock: Clock
  /** The service to listen to; null while the server has named none */
  listening: ReadonlySignal<Listening | null>
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
  api,
  clock,
  listening,
  rowChanged,
  personChanged,
  erased,
  happened,
  connected,
  poll,
}: LiveOptions): () => void {
  /** Resolves to whether the server answered, or to null: nothing was asked */
  const ask = async (): Promise<boolean | null> => {
    try {
      if (!(await poll())) return null
      cable.restAnswered(true)
      happened()
      return true
    } catch {
      cable.restAnswered(false)
      return false
    }
  }
  let isStopped = false
  let looked = 0
  const look = async (): Promise<boolean> => {
    let answered: boolean | null = null
    while (answered === null && !isStopped) {
      const early = looked + BETWEEN_LOOKS - clock.now()
      if (early > 0) await new Promise<void>((resolve) => clock.after(early, resolve))
      looked = clock.now()
      answered = await ask()
    }
    return answered === true
  }
  let subscription: Subscription | undefined
  const stopListening = effect(() => {
    const service = listening.value && { listening: listening.value, chatId: null, api, look }
    // It replaces the one before
    subscription = cable.subscribe(
      { channel: ADMIN_CHANNEL },
      {
        events: 'admin/events',
        ...(service && { service }),
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
  })
  const stop = every(clock, POLL_EVERY, () => {
    if (!subscription?.live) void ask()
  })
  return () => {
    isStopped = true
    stop()
    stopListening()
    subscription?.unsubscribe()
  }
}
