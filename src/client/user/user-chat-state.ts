// What a user's chat shows at one moment, in the shape of the specification (`chat`, `connected`, `loading`), with more beside it.
import type { ClosedPeriod, SupportMessage } from '../../protocol/types.ts'
import type { ApiError } from '../api-error.ts'
import type { ConnectionStatus } from '../connection/status.ts'
import type { ConversationState } from '../conversation/conversation-state.ts'
import type { PendingMessage } from '../conversation/outbox.ts'

export interface LoadedChat {
  id: string
  /** In order of `seq`, without gaps, each once */
  messages: readonly SupportMessage[]
}

export interface UserChatState {
  /** null until it has loaded */
  chat: LoadedChat | null
  /** Messages arrive by themselves, and nothing is known to be missing */
  connected: boolean
  /** Nothing is known yet: neither the chat nor why it does not come */
  loading: boolean
  /** `signed_out`: the server knows nobody by these credentials. A chat that was loaded before is still there */
  status: 'loading' | 'ready' | 'signed_out' | 'error'
  connection: ConnectionStatus
  /** The last request for the chat failed. It is repeated where that may help; `reload()` repeats it at once */
  error: ApiError | null
  /** Own messages that the server has not confirmed, oldest first. They belong below those of `chat` */
  pending: readonly PendingMessage[]
  /** Messages of staff that the user has not read, in the whole chat */
  unreadCount: number
  /** Somebody of staff is typing */
  typing: { name: string | null } | null
  /** Members of staff who are connected now */
  adminsOnline: number
  archived: boolean
  /** When nobody of staff answers: the time that has begun, or the next one; null: the host has set no hours, or nothing is known yet */
  closed: ClosedPeriod | null
  /** Older messages exist before the first one here; `loadOlder()` loads them */
  hasMore: boolean
  loadingOlder: boolean
}

/** Before anything is known; the same object at any time, as rendering on a server and hydration need it */
export const INITIAL: UserChatState = Object.freeze({
  chat: null,
  connected: false,
  loading: true,
  status: 'loading',
  connection: 'connecting',
  error: null,
  pending: [],
  unreadCount: 0,
  typing: null,
  adminsOnline: 0,
  archived: false,
  closed: null,
  hasMore: false,
  loadingOlder: false,
})

/** After `reset()` */
export const SIGNED_OUT: UserChatState = Object.freeze({ ...INITIAL, loading: false, status: 'signed_out' })

/** @param before the state before, whose `chat` stays the same object while its messages do */
export function userChatState(now: ConversationState, before: UserChatState): UserChatState {
  const { chat_id: id, messages } = now
  const isSame = before.chat?.id === id && before.chat?.messages === messages
  const status = now.signed_out ? 'signed_out' : now.status
  return {
    chat: isSame ? before.chat : id === null ? null : { id, messages },
    connected: now.connection === 'connected',
    loading: status === 'loading',
    status,
    connection: now.connection,
    error: now.error,
    pending: now.pending,
    unreadCount: now.unread_count,
    typing: now.typing,
    adminsOnline: now.admins_online,
    archived: now.archived,
    closed: now.closed ?? null,
    hasMore: now.has_more,
    loadingOlder: now.loading_older,
  }
}
