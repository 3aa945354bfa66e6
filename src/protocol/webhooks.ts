// What staff see of webhooks.

/** What webhooks tell of. A type that changes incompatibly gets a new name */
export type WebhookEventType = 'message.created' | 'chat.archived' | 'chat.unarchived'

/** `pending`: it is sent at `due_at`, or after an earlier one of its chat · `sending`: an answer is awaited · the others: it has ended */
export type WebhookState = 'pending' | 'sending' | 'delivered' | 'failed'

/**
 * Why an attempt failed. `status`: the endpoint answered, and not with 2xx · `redirect`: with a redirect, which is not followed ·
 * `timed_out`: no answer within 10 s · `unknown_host`: its name has no address · `private_address`: it leads to an address that is not
 * public · `tls`: no trusted connection · `unreachable`: everything else
 */
export type WebhookFailure =
  'status' | 'redirect' | 'timed_out' | 'unknown_host' | 'private_address' | 'tls' | 'unreachable'

/** A webhook in the log: what an endpoint was told of one event, and what became of it */
export interface Webhook {
  /** The same in all attempts, in the header `webhook-id` */
  id: string
  /** The URL to which it goes, without its query; null: the endpoint is not set any more */
  url: string | null
  event: WebhookEventType
  chat_id: string
  user_email: string
  state: WebhookState
  /** How often it was sent in vain */
  attempts: number
  /** The HTTP status of the last answer; null: there was none */
  status: number | null
  /** Why the last attempt failed; null: it did not */
  reason: WebhookFailure | null
  /** When it is sent next, ISO 8601; null: it has ended, or waits for an earlier one of its chat */
  due_at: string | null
  /** When it happened, ISO 8601 */
  created_at: string
  /** When its state last changed, ISO 8601 */
  updated_at: string
}

/** `GET admin/webhooks` */
export interface WebhookPage {
  /** Newest first */
  webhooks: Webhook[]
  /** Pass it as `cursor` to get older ones; null on the last page */
  next: string | null
  /** The URLs to which webhooks go, without their queries */
  endpoints: string[]
}
