import type { SupportActivity } from '../../protocol/activity.ts'
import type { ChatEvents } from '../events/chat-events.ts'
import type { Store } from '../ports/store/store.ts'
import type { Afterwork } from '../stop/afterwork.ts'

interface AnnounceOptions {
  store: Pick<Store, 'findChat'>
  events: Pick<ChatEvents, 'emit'>
  afterwork: Pick<Afterwork, 'add'>
  onError: (error: unknown) => void
}

/** Tells of an activity that was committed where nobody had the chat at hand. What is lost here, staff get at their next look */
export function announcesActivity({ store, events, afterwork, onError }: AnnounceOptions) {
  async function announce(chatId: string, activity: SupportActivity): Promise<void> {
    const chat = await store.findChat(chatId)
    if (chat) events.emit([{ type: 'activity', chat, activity }])
  }
  return (chatId: string, activity: SupportActivity): void => afterwork.add(announce(chatId, activity).catch(onError))
}
