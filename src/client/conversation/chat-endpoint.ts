// The requests of one chat, for its user or for staff.
import type { MessagePage, MessageRange, SenderType, SupportMessage } from '../../protocol/types.ts'
import type { Api } from '../api.ts'
import { queryString } from '../api.ts'
import { readSeq } from './conversation-state.ts'

export interface OpenedChat extends Pick<MessagePage, 'messages' | 'has_more' | 'epoch' | 'archived'> {
  id: string
  /** null when the answer has none: the client counts */
  unread_count: number | null
  user_online: boolean
  other_read_seq: number
}

export interface ChatEndpoint {
  /** Path of the event stream */
  events: string
  open(): Promise<OpenedChat>
  page(range: MessageRange): Promise<MessagePage>
  /** A repeated `client_id` answers with the message that is already stored */
  send(content: string, clientId: string): Promise<SupportMessage>
  markRead(upToSeq: number): Promise<unknown>
  typing(typing: boolean): Promise<unknown>
}

export function chatEndpoint(api: Api, role: SenderType, chatId: string | null): ChatEndpoint {
  const isUser = role === 'user'
  if (!isUser && chatId === null) throw new TypeError('An admin opens a chat by its id')
  const path = isUser ? 'support_chat' : `admin/chats/${chatId}`
  return {
    events: `${path}/events`,
    async open() {
      if (!isUser && chatId !== null) {
        const chat = await api.adminChat(chatId)
        return { ...chat, unread_count: null, other_read_seq: chat.user_read_seq }
      }
      const chat = await api.openChat(currentPage())
      return { archived: false, user_online: true, ...chat, other_read_seq: readSeq(chat.messages, 'user') }
    },
    page: (range) => api.json('GET', `${path}/messages${queryString({ ...range })}`),
    send: (content, clientId) => api.json('POST', `${path}/messages`, { content, client_id: clientId }),
    markRead: (upToSeq) =>
      api.request(isUser ? 'PATCH' : 'POST', `${path}/${isUser ? 'mark_read' : 'mark_viewed'}`, { up_to_seq: upToSeq }),
    typing: (typing) => api.request('POST', `${path}/typing`, { typing }),
  }
}

/** Without query and fragment, which may hold private data */
const currentPage = (): string | undefined =>
  typeof location === 'undefined' ? undefined : location.origin + location.pathname
