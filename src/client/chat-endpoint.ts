// The same five requests, from either side of the desk.
import type { MessagePage, SenderType, SupportMessage } from '../protocol/types.ts'
import type { Api, PageQuery } from './api.ts'
import { readSeq } from './conversation-state.ts'

export interface OpenedChat extends Pick<MessagePage, 'messages' | 'has_more' | 'epoch' | 'archived'> {
  id: string
  /** null: count them yourself */
  unread_count: number | null
  user_online: boolean
  other_read_seq: number
}

export interface ChatEndpoint {
  open(): Promise<OpenedChat>
  page(query: PageQuery): Promise<MessagePage>
  send(content: string, clientId: string): Promise<SupportMessage>
  markRead(upToSeq: number): Promise<void>
}

export function chatEndpoint(api: Api, role: SenderType, chatId: string | null): ChatEndpoint {
  if (role === 'user')
    return {
      async open() {
        const chat = await api.openChat(currentPage())
        const other = readSeq(chat.messages, 'user')
        return { archived: false, user_online: true, ...chat, other_read_seq: other }
      },
      page: (query) => api.messages(query),
      send: (content, clientId) => api.send(content, clientId),
      markRead: (upToSeq) => api.markRead(upToSeq),
    }
  if (chatId === null) throw new TypeError('An admin opens a chat by its id')
  return {
    async open() {
      const chat = await api.adminChat(chatId)
      return { ...chat, unread_count: null, other_read_seq: chat.user_read_seq }
    },
    page: (query) => api.adminMessages(chatId, query),
    send: (content, clientId) => api.adminSend(chatId, content, clientId),
    markRead: (upToSeq) => api.adminMarkViewed(chatId, upToSeq),
  }
}

/** Without query and fragment, which may hold what is nobody's business */
const currentPage = (): string | undefined =>
  typeof location === 'undefined' ? undefined : location.origin + location.pathname
