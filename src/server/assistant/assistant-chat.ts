import { WAIT_FOR_HOST, type HostUsers } from '../people/host-users.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import type { Store } from '../ports/store/store.ts'
import { SEEN_MESSAGES, type AssistantChat } from './options.ts'

export interface ChatSources {
  store: Pick<Store, 'messages' | 'findPerson'>
  hostUsers: Pick<HostUsers, 'refresh'> | null
}

/** What the assistant gets to see. @returns undefined: the user was erased meanwhile */
export async function assistantChat(
  { store, hostUsers }: ChatSources,
  { id, user_id }: Pick<ChatRecord, 'id' | 'user_id'>,
): Promise<AssistantChat | undefined> {
  await hostUsers?.refresh([user_id], WAIT_FOR_HOST)
  const [{ messages }, user] = await Promise.all([
    store.messages(id, { before: Number.MAX_SAFE_INTEGER, limit: SEEN_MESSAGES }),
    store.findPerson(user_id),
  ])
  return user && { id, user, messages }
}
