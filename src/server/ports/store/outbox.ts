import type { WebhookEventType } from '../../../protocol/webhooks.ts'

/**
 * The ids of the endpoints that are told of an event, by its type. An endpoint is named by a UUID. Without an outbox, or where nobody
 * is told, nothing is stored.
 */
export type Outbox = Readonly<Partial<Record<WebhookEventType, readonly string[]>>>
