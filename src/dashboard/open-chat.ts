// The conversation on the screen. One that still has unsent replies lives on in the background until they are out.
import { batch, computed, effect, signal, untracked } from '@preact/signals'
import type { ConversationState } from '../client/conversation/conversation.ts'
import { Conversation } from '../client/conversation/conversation.ts'
import type { AdminSupportChat } from '../protocol/types.ts'
import { archive, findRow } from './desk.ts'
import { api, cable, shownChat } from './link.ts'
import { route } from './routes.ts'

const alive = new Map<string, Conversation>()

export const conversation = signal<Conversation | null>(null)
export const chat = signal<ConversationState | null>(null)

const chatId = computed(() => route.value.chat)

/** The conversation of the chat that the address names, once it has loaded */
export const loadedConversation = computed<Conversation | null>(() => {
  const current = conversation.value
  const isCurrent = current !== null && alive.get(chatId.value ?? '') === current
  return isCurrent && chat.value?.status === 'ready' ? current : null
})

/** Who it is about, as the server said when the chat was opened */
export const about = computed<AdminSupportChat | null>(() =>
  shownChat.value?.id === chatId.value ? shownChat.value : null,
)
/** What to call the person before the chat has loaded: the list knows already */
export const openChatName = computed<string | null>(() => {
  const id = chatId.value
  if (id === null) return null
  return about.value?.user_email ?? untracked(() => findRow(id)?.user_email) ?? null
})
/** null until known */
export const openChatArchived = computed(() => (chat.value?.status === 'ready' ? chat.value.archived : null))

function release(id: string, old: Conversation): void {
  const done = (): boolean => {
    if (old.state.pending.some((item) => item.status === 'sending') || chatId.peek() === id) return false
    old.close()
    alive.delete(id)
    return true
  }
  if (done()) return
  const stop = old.subscribe(() => {
    if (chatId.peek() === id || done()) stop()
  })
}

effect(() => {
  const id = chatId.value
  if (id === null) {
    batch(() => {
      conversation.value = null
      chat.value = null
    })
    return
  }
  const current = alive.get(id) ?? new Conversation({ api, cable, role: 'admin', chatId: encodeURIComponent(id) })
  alive.set(id, current)
  let looking: ReturnType<typeof setTimeout> | undefined
  // A moment later, so that the log has drawn its "New" divider before the messages count as read
  const look = (): void => {
    clearTimeout(looking)
    looking = setTimeout(() => {
      if (!document.hidden && current.state.status === 'ready') current.markRead()
    }, 300)
  }
  const show = (): void => {
    chat.value = current.state
    if (current.state.unread_count > 0) look()
  }
  batch(() => {
    conversation.value = current
    chat.value = current.state
  })
  const stop = current.subscribe(show)
  document.addEventListener('visibilitychange', look)
  void current.open()
  return () => {
    stop()
    clearTimeout(looking)
    document.removeEventListener('visibilitychange', look)
    release(id, current)
  }
})

/** While a request is under way a second click does nothing */
export const archiving = signal(false)
export async function toggleOpenChat(): Promise<void> {
  const id = chatId.peek()
  const archived = openChatArchived.peek()
  if (id === null || archived === null || archiving.peek()) return
  archiving.value = true
  const worked = await archive(id, !archived)
  archiving.value = false
  // The socket says it too; without one the button should still be right
  if (worked && chatId.peek() === id && chat.value !== null) chat.value = { ...chat.value, archived: !archived }
}
