import type { ChatEvent } from './chat-event.ts'

/** Called with the events of one commit, in order. It must not keep or change the array */
export type ChatEventSubscriber = (events: readonly ChatEvent[]) => void

/**
 * Passes on what this node committed. The code that commits emits the events once, after the commit and before it answers its
 * caller. So the messages of a chat come in the order of their `seq`. Other events come in the order in which the database
 * answered, which may differ from that of commits that ran at the same time.
 *
 * Events are not stored: when a process dies right after a commit, its events are lost. A subscriber that must not miss any
 * also reads the database, as the notifier and the hubs of other nodes do.
 */
export class ChatEvents {
  readonly #subscribers: ChatEventSubscriber[] = []
  readonly #onError: (error: unknown) => void

  /** @param onError gets what a subscriber throws. Other subscribers and the sender are not affected */
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
