import type { MessagePage, MessageRange } from '../../protocol/types.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import type { Store } from '../ports/store/store.ts'

/** A page of a chat's messages, with its read marks: polling clients get them only here */
export async function readPage(
  store: Pick<Store, 'messages' | 'epoch'>,
  { id, user_read_seq, user_read_at, admin_viewed_seq, admin_viewed_at, archived_at }: ChatRecord,
  range: MessageRange,
): Promise<MessagePage> {
  return {
    ...(await store.messages(id, range)),
    epoch: store.epoch,
    user_read_seq,
    user_read_at,
    admin_viewed_seq,
    admin_viewed_at,
    archived: archived_at !== null,
  }
}
