// The requests of one chat, for its user or for staff.
import type { AttachmentLimits } from '../../protocol/attachments.ts'
import type { Listening } from '../../protocol/listening.ts'
import type { ClosedPeriod, MessagePage, MessageRange, SenderType, SupportMessage } from '../../protocol/types.ts'
import type { Api } from '../api.ts'
import { queryString } from '../api.ts'
import { readSeq } from './conversation-state.ts'

export interface OpenedChat extends Pick<MessagePage, 'messages' | 'has_more' | 'epoch' | 'archived'> {
  id: string
  /** null when the answer has none: the client counts */
  unread_count: number | null
  user_online: boolean
  other_read_seq: number
  /** Of the user's own chat */
  replies_by_email?: boolean
  attachments?: AttachmentLimits | null
  /** Of the user's own chat */
  closed?: ClosedPeriod | null
  realtime?: Listening
}

/** What a message is made of, over REST and the socket */
export interface SentMessage {
  content: string
  client_id: string
  attachment_ids?: string[] | undefined
}

export interface ChatEndpoint {
  /** Path of the event stream */
  events: string
  open(): Promise<OpenedChat>
  page(range: MessageRange): Promise<MessagePage>
  /** A repeated `client_id` answers with the message that is already stored */
  send(message: SentMessage): Promise<SupportMessage>
  markRead(upToSeq: number): Promise<unknown>
  typing(typing: boolean): Promise<unknown>
}

export function chatEndpoint(api: Api, role: SenderType, chatId: string | null): ChatEndpoint {
  const isUser = role === 'user'
  if (!isUser && chatId === null) throw new TypeError('No chatId')
  const path = isUser ? 'support_chat' : `admin/chats/${chatId}`
  return {
    events: `${path}/events`,
    async open() {
      if (isUser) {
        const chat = await api.openChat(currentPage())
        return { archived: false, user_online: true, ...chat, other_read_seq: readSeq(chat.messages, role) }
      }
      const chat = await api.adminChat(String(chatId))
      return { ...chat, unread_count: null, other_read_seq: chat.user_read_seq }
    },
    page: (range) => api.json('GET', `${path}/messages${queryString({ ...range })}`),
    send: (message) => api.json('POST', `${path}/messages`, message),
    markRead: (upToSeq) =>
      api.json(isUser ? 'PATCH' : 'POST', `${path}/${isUser ? 'mark_read' : 'mark_viewed'}`, { up_to_seq: upToSeq }),
    typing: (typing) => api.request('POST', `${path}/typing`, { typing }),
  }
}

/** Without query and fragment, which may hold private data */
const currentPage = (): string | undefined =>
  typeof location === 'undefined' ? undefined : location.origin + location.pathname
