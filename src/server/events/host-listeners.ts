import type { Afterwork } from '../stop/afterwork.ts'
import type { ChatEvent } from './chat-event.ts'
import type { ChatEventSubscriber } from './chat-events.ts'

/** Called with each event of one type. The event is a copy, which the listener may keep and change */
export type ChatEventListener<Type extends ChatEvent['type']> = (
  event: Extract<ChatEvent, { type: Type }>,
) => void | Promise<void>

interface Registration {
  type: ChatEvent['type']
  listen: (event: ChatEvent) => Promise<void>
}

/** The host's listeners, as one subscriber. They get copies, so changing one affects neither clients nor other listeners. */
export class HostListeners {
  readonly #registrations = new Set<Registration>()
  readonly #onError: (error: unknown) => void

  readonly #afterwork: Pick<Afterwork, 'add'> | undefined

  /** @param onError gets what a listener throws or rejects with. Other listeners and the sender are not affected */
  constructor(onError: (error: unknown) => void, afterwork?: Pick<Afterwork, 'add'>) {
    this.#onError = onError
    this.#afterwork = afterwork
  }

  /** @returns removes the listener; safe to repeat */
  on<Type extends ChatEvent['type']>(type: Type, listener: ChatEventListener<Type>): () => void {
    const registration: Registration = {
      type,
      // `receive` only passes events of this type
      listen: async (event) => listener(event as Extract<ChatEvent, { type: Type }>),
    }
    this.#registrations.add(registration)
    return () => void this.#registrations.delete(registration)
  }

  readonly receive: ChatEventSubscriber = (events) => {
    if (this.#registrations.size === 0) return
    for (const event of events) {
      // A listener may add listeners, and they begin with the next event
      const present = [...this.#registrations].filter(({ type }) => type === event.type)
      for (const { listen } of present) {
        const { promise: heard, resolve } = Promise.withResolvers<void>()
        // Before the listener runs: what it calls does not wait for what was under way then, and so not for the listener
        this.#afterwork?.add(heard)
        void listen(copyOf(event)).catch(this.#onError).then(resolve)
      }
    }
  }
}

function copyOf(event: ChatEvent): ChatEvent {
  // The writer emits the chat's whole row, which may be out of date. Pass on only what never changes
  const { id, user_id, user_email } = event.chat
  const chat = { id, user_id, user_email }
  if (event.type === 'message') return { ...event, chat, message: { ...event.message } }
  return event.type === 'activity' ? { ...event, chat, activity: structuredClone(event.activity) } : { ...event, chat }
}
