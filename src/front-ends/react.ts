'use client'
/**
 * `deskbell/react`: the chat in a React app, 18 or newer. The module is for clients: in a framework with server components, import
 * it from any component. Importing it does nothing, and rendering on a server shows the chat as loading.
 *
 * @example
 * import { SupportChat, useSupportChat } from 'deskbell/react'
 *
 * export const Help = () => <SupportChat server="/support" />
 *
 * @module
 */
export { SupportChat, type DeskbellChatProps, type SupportChatProps } from '../react/support-chat.tsx'
export { MessageComposer, type MessageComposerProps } from '../react/message-composer.tsx'
export { MessageList, type ListedMessage, type MessageListProps } from '../react/message-list.tsx'
export { useSupportChat, type SupportChatOptions, type UseSupportChat } from '../react/use-support-chat.ts'
export type { ApiError, ApiErrorCode } from '../client/api-error.ts'
export type { CredentialOptions } from '../client/connection/credentials.ts'
export type { ConnectionStatus } from '../client/connection/status.ts'
export type { PendingMessage } from '../client/conversation/outbox.ts'
export type { FirebaseModules } from '../client/services/firebase.ts'
export { listenWith } from '../client/services/listen-with.ts'
export type { ServiceClients } from '../client/services/listener.ts'
export type { UserChat, UserChatOptions } from '../client/user/user-chat.ts'
export type { UserChatActions } from '../client/user/user-chat-actions.ts'
export type { LoadedChat, UserChatState } from '../client/user/user-chat-state.ts'
export type { DeskbellChatAttributes, DeskbellChatElement } from '../element/deskbell-chat.ts'
export type { ErrorCode } from '../protocol/errors.ts'
export type { SupportAttachment } from '../protocol/attachments.ts'
export type { ClosedPeriod, SenderType, SupportMessage } from '../protocol/types.ts'
