import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react'
import { sharedState, sharedUserChat } from '../client/user/shared-user-chat.ts'
import { userChatActions, type UserChatActions } from '../client/user/user-chat-actions.ts'
import type { UserChatOptions } from '../client/user/user-chat.ts'
import { INITIAL, type UserChatState } from '../client/user/user-chat-state.ts'
import type { SupportMessage } from '../protocol/types.ts'

export interface SupportChatOptions extends UserChatOptions {
  /** Called for each new message of staff, for example to play a sound */
  onReply?: ((message: SupportMessage) => void) | undefined
}

/** What `useSupportChat` returns: the chat as it is now, and what can be done. Functions stay the same from one rendering to the next */
export interface UseSupportChat extends UserChatState, UserChatActions {}

/**
 * The chat of the person who is signed in, live while the component is mounted. Components that name the same `server` share one
 * connection, and it is enough that one of them says how to sign in. Without `token` and `getToken`, the page's cookie signs in.
 *
 * @example
 * const { chat, connected, sendMessage } = useSupportChat({ server: '/support' })
 */
export function useSupportChat({ server, token, getToken, onReply }: SupportChatOptions = {}): UseSupportChat {
  const state = useSyncExternalStore(
    useCallback((listener: () => void) => sharedUserChat(server).subscribe(listener), [server]),
    () => sharedState(server),
    () => INITIAL,
  )
  useEffect(() => {
    if (token != null || getToken != null) return sharedUserChat(server).signIn({ token, getToken })
  }, [server, token, getToken])
  useEffect(() => {
    if (onReply) return sharedUserChat(server).onReply(onReply)
  }, [server, onReply])

  const actions = useMemo(() => userChatActions(() => sharedUserChat(server)), [server])
  return useMemo(() => ({ ...state, ...actions }), [state, actions])
}
