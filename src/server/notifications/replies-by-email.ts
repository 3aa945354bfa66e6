import { isEmailAddress } from '../../protocol/email-address.ts'
import { isVisitor } from '../../protocol/visitor.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import type { Store } from '../ports/store/store.ts'

/** Whether replies that the user of a chat does not read go to them by e-mail, as things are */
export async function repliesByEmail(
  store: Pick<Store, 'unsubscribedAt' | 'mailBlock'>,
  { user_id, user_email }: Pick<ChatRecord, 'user_id' | 'user_email'>,
): Promise<boolean> {
  if (!isEmailAddress(user_email)) return false
  // What is known of the address that a visitor typed is not theirs to learn
  if (isVisitor(user_id)) return true
  const [unsubscribed, block] = await Promise.all([store.unsubscribedAt(user_id), store.mailBlock(user_email)])
  return !unsubscribed && !block
}
