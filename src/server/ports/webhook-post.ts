import type { WebhookFailure } from '../../protocol/webhooks.ts'

export interface WebhookRequest {
  url: string
  headers: Record<string, string>
  body: string
  /** The host may be a private one: see `WebhookEndpoint` */
  allowPrivateHost: boolean
  /** Aborted when the answer has taken too long; the rest of it may be left unread then */
  signal: AbortSignal
}

/**
 * Posts a webhook. It follows no redirect, and does not keep what is answered.
 * @returns the HTTP status of the answer
 * @throws WebhookFailed, or any other error, which counts as `unreachable`
 */
export type PostWebhook = (request: WebhookRequest) => Promise<number>

/** There was no answer. `cause` is what the runtime said */
export class WebhookFailed extends Error {
  override readonly name = 'WebhookFailed'
  readonly reason: WebhookFailure
  constructor(reason: WebhookFailure, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}
