// `deskbell/client`: the headless client, for those who draw their own chat.
export { ApiError } from './api-error.ts'
export { connect } from './connect.ts'
export { Conversation } from './conversation/conversation.ts'
export type { ConversationState } from './conversation/conversation-state.ts'
export type * from '../protocol/types.ts'
