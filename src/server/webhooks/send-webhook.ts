import { isoTime, type Clock } from '../ports/clock.ts'
import type { Observer } from '../ports/observer.ts'
import type { DueWebhook, WebhookOutcome, WebhookStore } from '../ports/store/webhooks.ts'
import type { PostWebhook } from '../ports/webhook-post.ts'
import type { Endpoint } from './endpoint.ts'
import { payloadOf } from './payload.ts'
import { ANSWER_WITHIN, postSigned, type Answer } from './post-signed.ts'
import { retryAt } from './retry.ts'

/**
 * Milliseconds for which a webhook belongs to the node that claimed it. Longer than an attempt and the database may take, but short:
 * the webhook of a killed process waits this long.
 */
export const LEASE = ANSWER_WITHIN + 20_000

export interface SendOptions {
  store: Pick<WebhookStore, 'settleWebhook'>
  clock: Clock
  post: PostWebhook
  observer: Observer | undefined
}

/** Sends a claimed webhook once, and stores what became of it. */
export async function sendWebhook(due: DueWebhook, endpoint: Endpoint, options: SendOptions): Promise<void> {
  const { store, clock, observer } = options
  const { status, reason } = await postSigned({ id: due.id, payload: payloadOf(due) }, endpoint, options)
  const now = clock.now()
  const outcome = outcomeOf(due, { status, reason }, now)
  // Otherwise another node has claimed it meanwhile, and tells
  if (!(await store.settleWebhook(due, outcome, isoTime(now)))) return
  const { id, event, chat } = due
  observer?.webhook?.({ outcome: outcome.state, id, event, chat_id: chat.id, url: endpoint.shownUrl, status, reason })
}

function outcomeOf({ attempts, created_at }: DueWebhook, { status, reason }: Answer, now: number): WebhookOutcome {
  if (reason === null) return { state: 'delivered', status: status ?? 0 }
  const again = retryAt(attempts + 1, Date.parse(created_at), now)
  if (again === undefined) return { state: 'failed', status, reason }
  return { state: 'retry', retry_at: isoTime(again), status, reason }
}
