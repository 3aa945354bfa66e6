import type { ChatEvent } from './chat-event.ts'

/** Called with what one commit brought, in its order. It must not keep or change the array */
export type ChatEventSubscriber = (events: readonly ChatEvent[]) => void

/**
 * Passes on what this node committed. The code that commits emits the events, once, after the commit and before it answers its
 * caller. So the messages of a chat come in the order of their `seq`. Other events come in the order in which the database
 * answered, which is that of the commits unless two of them were under way at once.
 *
 * Events are not stored: those of a process that dies right after a commit are lost. A subscriber that must not miss anything
 * also looks at the database, as the notifier and the hubs of other nodes do.
 */
export class ChatEvents {
  readonly #subscribers: ChatEventSubscriber[] = []
  readonly #onError: (error: unknown) => void

  /** @param onError gets what a subscriber throws, which harms no other subscriber and no sender */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  subscribe(subscriber: ChatEventSubscriber): void {
    this.#subscribers.push(subscriber)
  }

  emit(events: readonly ChatEvent[]): void {
    if (events.length === 0) return
    for (const subscriber of this.#subscribers) {
      try {
        subscriber(events)
      } catch (error) {
        this.#onError(error)
      }
    }
  }
}
