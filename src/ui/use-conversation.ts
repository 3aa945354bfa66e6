import { useEffect, useState } from 'preact/hooks'
import type { Conversation, ConversationState } from '../client/conversation/conversation.ts'

/** The conversation's state, rendered again after every change */
export function useConversation(conversation: Conversation): ConversationState {
  const [, render] = useState(conversation.state)
  useEffect(() => {
    const update = (): void => render(conversation.state)
    update()
    return conversation.subscribe(update)
  }, [conversation])
  return conversation.state
}
