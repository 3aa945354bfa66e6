import type { ChatStore } from '../ports/store/chats.ts'

/** Of those whose details changed at once, so many are shown to staff by themselves; the others when their chats are loaded anew */
const MAX_SHOWN = 100

/** Lets staff see that what the host says about users has changed. Never rejects */
export async function announceDescribed(
  { store, onError }: { store: Pick<ChatStore, 'findChatOf'>; onError: (error: unknown) => void },
  userIds: string[],
  show: (chatId: string) => void,
): Promise<void> {
  try {
    for (const id of userIds.slice(0, MAX_SHOWN)) {
      const chat = await store.findChatOf(id)
      if (chat) show(chat.id)
    }
  } catch (error) {
    onError(error)
  }
}
