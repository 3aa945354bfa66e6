/**
 * `deskbell/vue`: the chat in a Vue app, 3.5 or newer. Importing it does nothing, and rendering on a server shows the chat as loading.
 *
 * @example
 * import { SupportChat, useSupportChat } from 'deskbell/vue'
 *
 * @module
 */
export { SupportChat, type SupportChatHandle } from '../vue/support-chat.ts'
export { useSupportChat, type SupportChatOptions, type UseSupportChat } from '../vue/use-support-chat.ts'
export type { ApiError, ApiErrorCode } from '../client/api-error.ts'
export type { CredentialOptions } from '../client/connection/credentials.ts'
export type { ConnectionStatus } from '../client/connection/status.ts'
export type { PendingMessage } from '../client/conversation/outbox.ts'
export type { FirebaseModules } from '../client/services/firebase.ts'
export { listenWith } from '../client/services/listen-with.ts'
export type { ServiceClients } from '../client/services/listener.ts'
export type { UserChat } from '../client/user/user-chat.ts'
export type { UserChatActions } from '../client/user/user-chat-actions.ts'
export type { LoadedChat, UserChatState } from '../client/user/user-chat-state.ts'
export type { DeskbellChatAttributes, DeskbellChatElement } from '../element/deskbell-chat.ts'
export type { ErrorCode } from '../protocol/errors.ts'
export type { SupportAttachment } from '../protocol/attachments.ts'
export type { ClosedPeriod, SenderType, SupportMessage } from '../protocol/types.ts'
