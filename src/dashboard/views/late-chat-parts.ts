// What an open chat is drawn with is loaded after the list, or at once where the page opens with a chat.
import { signal } from '@preact/signals'
import type * as ChatParts from './chat-parts.ts'

/** Undefined: on its way. Null: it did not come */
export const chatParts = signal<typeof ChatParts | null | undefined>()

let isLoading = false

export async function loadChatParts(): Promise<void> {
  if (isLoading || chatParts.peek()) return
  isLoading = true
  chatParts.value = undefined
  chatParts.value = await import('./chat-parts.ts').catch(() => null)
  isLoading = false
}
