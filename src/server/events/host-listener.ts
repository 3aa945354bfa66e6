import type { ChatEvent } from './chat-event.ts'
import type { ChatEventSubscriber } from './chat-events.ts'

/** The host's listener as a subscriber. It gets copies, so changing them does not affect clients. */
export function hostListener(
  onEvent: (event: ChatEvent) => void | Promise<void>,
  onError: (error: unknown) => void,
): ChatEventSubscriber {
  const listen = async (event: ChatEvent): Promise<void> => onEvent(event)
  return (events) => {
    for (const event of events) void listen(copyOf(event)).catch(onError)
  }
}

function copyOf(event: ChatEvent): ChatEvent {
  // The writer emits the chat's whole row, which may be out of date. Pass on only what never changes
  const { id, user_id, user_email } = event.chat
  const chat = { id, user_id, user_email }
  return event.type === 'message' ? { ...event, chat, message: { ...event.message } } : { ...event, chat }
}
