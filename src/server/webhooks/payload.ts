import type { SupportMessage } from '../../protocol/types.ts'
import type { WebhookEventType } from '../../protocol/webhooks.ts'
import type { EventChat } from '../events/chat-event.ts'
import type { DueWebhook } from '../ports/store/webhooks.ts'

/** The body of a webhook, as JSON. `timestamp`: when it happened, ISO 8601 */
export type WebhookPayload =
  /** `message` as it was written: nobody had read it */
  | {
      type: 'message.created'
      timestamp: string
      data: { chat: EventChat; message: SupportMessage }
    }
  /** By staff, or `chat.unarchived` by a user's message, whose `message.created` comes right before */
  | { type: Exclude<WebhookEventType, 'message.created'>; timestamp: string; data: { chat: EventChat } }

export function payloadOf({ event, created_at, chat, message }: DueWebhook): WebhookPayload {
  if (event !== 'message.created') return { type: event, timestamp: created_at, data: { chat } }
  if (!message) throw new Error(`A webhook ${event} without its message`)
  // Every attempt has the same body, whoever reads the message meanwhile
  return { type: event, timestamp: created_at, data: { chat, message: { ...message, read_at: null } } }
}
