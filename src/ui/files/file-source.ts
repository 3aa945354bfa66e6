// Where the files of a conversation come from and go to.
import type { Conversation } from '../../client/conversation/conversation.ts'

export type FileSource = Pick<Conversation, 'api' | 'role' | 'state'>

/** Path of its files, below the mount point */
export const pathOf = ({ role, state }: FileSource): string =>
  role === 'user' ? 'support_chat/attachments' : `admin/chats/${state.chat_id}/attachments`

/** Asks for another URL, and puts it into the link */
export type Renew = (link: HTMLAnchorElement) => Promise<void>
