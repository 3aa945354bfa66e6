import type { SupportMessage } from '../../../protocol/types.ts'
import type { Webhook, WebhookEventType, WebhookFailure } from '../../../protocol/webhooks.ts'
import type { ListCursor } from './chats.ts'

/** A sender holds a webhook until its lease expires. Each claim of a webhook has a higher number than the one before */
export interface WebhookClaim {
  id: string
  claim: number
}

export interface WebhookQuery {
  /** The id of the endpoint */
  endpoint: string
  at: string
  /** Milliseconds for which a claim is valid */
  lease: number
  /** Maximum number of claims */
  limit: number
}

/** A webhook that is due, and belongs to the caller until the lease expires */
export interface DueWebhook extends WebhookClaim {
  event: WebhookEventType
  /** When it happened */
  created_at: string
  chat: { id: string; user_id: string; user_email: string }
  /** Of `message.created`, as it is now; null for the others */
  message: SupportMessage | null
  /** How often it was sent in vain */
  attempts: number
}

export type WebhookOutcome =
  | { state: 'delivered'; status: number }
  /** Due again at `retry_at` */
  | { state: 'retry'; retry_at: string; status: number | null; reason: WebhookFailure }
  /** Not sent again by itself */
  | { state: 'failed'; status: number | null; reason: WebhookFailure }

/** A webhook as it is stored */
export interface WebhookRecord extends Omit<Webhook, 'url'> {
  /** The id of the endpoint, whose URL is not stored */
  endpoint: string
}

export interface WebhookListQuery {
  limit: number
  /** Those that failed for good, instead of all */
  failed?: boolean | undefined
  /** `created_at` and id of the last one of the page before */
  cursor?: ListCursor | undefined
}

export interface ForgetWebhooks {
  /** Of those that are older */
  before: string
  /** Of other endpoints, those that have not ended are forgotten too: nobody sends them */
  endpoints: string[]
  limit: number
}

/**
 * The outbox. `appendMessages` and `setArchived` write to it in the transaction of what happened. The webhooks of a chat to an endpoint
 * are a queue: one at a time is due, and the next becomes due when it has ended. Other chats do not wait for it.
 */
export interface WebhookStore {
  /** In order of time. No other sender gets them during the lease; a claim that expired is due again */
  claimWebhooks(query: WebhookQuery): Promise<DueWebhook[]>
  /**
   * Stores the outcome; when the webhook has ended, the next of its queue becomes due.
   * @returns false: nothing changed, because another sender holds the claim, or the webhook was erased
   */
  settleWebhook(claim: WebhookClaim, outcome: WebhookOutcome, at: string): Promise<boolean>
  /** When the next webhook of an endpoint is due, or the next lease expires */
  nextWebhook(endpoint: string): Promise<string | undefined>
  /** Newest first */
  listWebhooks(query: WebhookListQuery): Promise<WebhookRecord[]>
  /**
   * Makes it due now: it has ended, or waits for its next attempt. Nothing changes while it is being sent, or waits for an earlier one.
   * @returns how it is then; undefined: there is none with this id
   */
  sendWebhookAgain(id: string, at: string): Promise<WebhookRecord | undefined>
  /** Forgets old ones, oldest first. @returns how many, so that the caller repeats it when they were `limit` */
  forgetWebhooks(query: ForgetWebhooks): Promise<number>
}
