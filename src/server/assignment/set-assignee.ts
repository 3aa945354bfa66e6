import type { ChatEvents } from '../events/chat-events.ts'
import type { Assigning, ChatRecord, ChatStore } from '../ports/store/chats.ts'

export interface AssignmentParts {
  store: Pick<ChatStore, 'assign'>
  events: Pick<ChatEvents, 'emit'>
}

/**
 * The caller has checked who may, and whom.
 * @returns false: nothing changed
 */
export async function setAssignee(
  { store, events }: AssignmentParts,
  chat: ChatRecord,
  assigning: Assigning,
): Promise<boolean> {
  const activity = await store.assign(chat.id, assigning)
  if (activity) events.emit([{ type: 'activity', chat, activity }])
  return activity !== undefined
}
