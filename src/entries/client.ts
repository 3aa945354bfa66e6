/**
 * `deskbell/client`: the headless client, for those who draw their own chat. It needs fetch, WebSocket and nothing else.
 *
 * `createUserChat` is the chat of the person who is signed in, `createStaffDesk` all chats for staff: each an observable state, live
 * while somebody listens. `connect` and `Conversation` are the parts that both are made of.
 *
 * @example
 * import { createUserChat } from 'deskbell/client'
 *
 * const support = createUserChat({ server: '/support' })
 * support.subscribe(() => draw(support.state))
 *
 * @module
 */
export { ApiError, type ApiErrorCode } from '../client/api-error.ts'
export type { Api, ApiOptions, Query } from '../client/api.ts'
export { connect, type ConnectOptions, type DeskbellClient } from '../client/connect.ts'
export type { Backoff } from '../client/connection/backoff.ts'
export type { Cable, CableOptions } from '../client/connection/cable.ts'
export type { ChannelParams, Subscription, SubscriptionHandlers } from '../client/connection/cable-frames.ts'
export type { CredentialOptions, Credentials } from '../client/connection/credentials.ts'
export type { Session } from '../client/connection/session.ts'
export type { ConnectionStatus } from '../client/connection/status.ts'
export { Conversation, type ConversationOptions } from '../client/conversation/conversation.ts'
export type { ConversationState } from '../client/conversation/conversation-state.ts'
export type { PendingMessage } from '../client/conversation/outbox.ts'
export type { ChatListState } from '../client/staff/chat-list.ts'
export type { ChatListPage, ListQuery, StaffApi } from '../client/staff/staff-api.ts'
export {
  createStaffDesk,
  type ShownChats,
  type StaffDesk,
  type StaffDeskOptions,
  type StaffDeskState,
} from '../client/staff/staff-desk.ts'
export type { KeyValue } from '../client/storage.ts'
export { createUserChat, type UserChat, type UserChatOptions } from '../client/user/user-chat.ts'
export type { LoadedChat, UserChatState } from '../client/user/user-chat-state.ts'
export type { History, StreamPosition } from '../protocol/cable.ts'
export type { ErrorCode } from '../protocol/errors.ts'
export type * from '../protocol/events.ts'
export type * from '../protocol/types.ts'
