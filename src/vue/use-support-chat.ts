import { computed, onMounted, ref, shallowRef, toValue, watch, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import type { CredentialOptions } from '../client/connection/credentials.ts'
import { sharedUserChat } from '../client/user/shared-user-chat.ts'
import { userChatActions, type UserChatActions } from '../client/user/user-chat-actions.ts'
import { INITIAL, type UserChatState } from '../client/user/user-chat-state.ts'
import type { SupportMessage } from '../protocol/types.ts'

export interface SupportChatOptions {
  /** URL of the mount point, which may be relative to the page; `/support` unless given */
  server?: MaybeRefOrGetter<string | undefined> | undefined
  token?: MaybeRefOrGetter<string | null | undefined> | undefined
  /** Called when there is no token yet, and again when one has expired */
  getToken?: CredentialOptions['getToken'] | undefined
  /** Called for each new message of staff, for example to play a sound */
  onReply?: ((message: SupportMessage) => void) | undefined
}

/** What `useSupportChat` returns: a ref for each part of the chat's state, and what can be done */
export type UseSupportChat = {
  readonly [Part in keyof UserChatState]: ComputedRef<UserChatState[Part]>
} & UserChatActions

/**
 * The chat of the person who is signed in, live while the component is mounted. Components that name the same `server` share one
 * connection, and it is enough that one of them says how to sign in. Without `token` and `getToken`, the page's cookie signs in.
 *
 * @example
 * const { chat, connected, sendMessage } = useSupportChat({ server: '/support' })
 */
export function useSupportChat({ server, token, getToken, onReply }: SupportChatOptions = {}): UseSupportChat {
  const state = shallowRef(INITIAL)
  // A server renders without ever mounting, and so connects nobody
  const isMounted = ref(false)
  onMounted(() => {
    isMounted.value = true
  })
  const live = computed(() => (isMounted.value ? sharedUserChat(toValue(server)) : null))
  watch(
    live,
    (chat, _before, onCleanup) => {
      if (!chat) return
      const update = (): void => {
        state.value = chat.state
      }
      update()
      onCleanup(chat.subscribe(update))
      if (onReply) onCleanup(chat.onReply(onReply))
    },
    { immediate: true },
  )
  watch(
    [live, () => toValue(token)],
    ([chat, given], _before, onCleanup) => {
      if (chat && (given != null || getToken != null)) onCleanup(chat.signIn({ token: given, getToken }))
    },
    { immediate: true },
  )

  const parts = Object.fromEntries(
    (Object.keys(INITIAL) as (keyof UserChatState)[]).map((part) => [part, computed(() => state.value[part])]),
  ) as { [Part in keyof UserChatState]: ComputedRef<UserChatState[Part]> }
  return { ...parts, ...userChatActions(() => sharedUserChat(toValue(server))) }
}
