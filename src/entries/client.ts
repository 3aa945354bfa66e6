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
export type {
  ChannelParams,
  ServedChannel,
  Subscription,
  SubscriptionHandlers,
} from '../client/connection/cable-frames.ts'
export type { CredentialOptions, Credentials } from '../client/connection/credentials.ts'
export type { Session } from '../client/connection/session.ts'
export type { ConnectionStatus } from '../client/connection/status.ts'
export type { Stream, StreamModule, StreamOptions } from '../client/connection/stream.ts'
export { Conversation, type ConversationOptions } from '../client/conversation/conversation.ts'
export type { ConversationState } from '../client/conversation/conversation-state.ts'
export type { PendingMessage } from '../client/conversation/outbox.ts'
export { Uploads, type PendingUpload, type UploadsOptions } from '../client/conversation/uploads.ts'
export type { FirebaseModules } from '../client/services/firebase.ts'
export { listenWith } from '../client/services/listen-with.ts'
export type { ServiceClients } from '../client/services/listener.ts'
export { fillReply, type ReplyNames } from '../client/staff/fill-reply.ts'
export type { ChatListState } from '../client/staff/chat-list.ts'
export type { Whose } from '../client/staff/list-order.ts'
export type { ShownChats, StaffDeskState } from '../client/staff/live-desk.ts'
export type { ChatListPage, ListQuery, StaffApi } from '../client/staff/staff-api.ts'
export { createStaffDesk, type StaffDesk, type StaffDeskOptions } from '../client/staff/staff-desk.ts'
export type { KeyValue } from '../client/storage.ts'
export { createUserChat, type UserChat, type UserChatOptions } from '../client/user/user-chat.ts'
export type { LoadedChat, UserChatState } from '../client/user/user-chat-state.ts'
export type * from '../protocol/activity.ts'
export type * from '../protocol/canned-replies.ts'
export type * from '../protocol/numbers.ts'
export { attachmentKind } from '../protocol/attachments.ts'
export type * from '../protocol/attachments.ts'
export type { History, StreamPosition } from '../protocol/cable.ts'
export type { ErrorCode } from '../protocol/errors.ts'
export type * from '../protocol/events.ts'
export type * from '../protocol/listening.ts'
export type * from '../protocol/publication.ts'
export type { RatingRequest, SupportRating } from '../protocol/ratings.ts'
export type { KnownTags, TaggedChat } from '../protocol/tags.ts'
export type * from '../protocol/assistant.ts'
export type * from '../protocol/types.ts'
export type * from '../protocol/webhooks.ts'
