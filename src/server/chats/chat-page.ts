import type { SupportChatListItem } from '../../protocol/types.ts'

/** A page of the list of chats */
export interface ChatPage {
  chats: SupportChatListItem[]
  /** Pass it as `cursor` to get the next page; null on the last one */
  next: string | null
}
