import type { WebhookFailure } from '../../protocol/webhooks.ts'
import type { Clock } from '../ports/clock.ts'
import { WebhookFailed, type PostWebhook } from '../ports/webhook-post.ts'
import type { Endpoint } from './endpoint.ts'
import { signatures } from './signature.ts'

/** How long an endpoint may take to answer (ms) */
export const ANSWER_WITHIN = 10_000

export interface Answer {
  /** HTTP; null: there was no answer */
  status: number | null
  /** Null: it was accepted */
  reason: WebhookFailure | null
}

/** Posts a payload once, signed with every key of the endpoint. Never rejects. */
export async function postSigned(
  { id, payload }: { id: string; payload: unknown },
  { url, keys, allowPrivateHost }: Endpoint,
  { clock, post }: { clock: Clock; post: PostWebhook },
): Promise<Answer> {
  const body = JSON.stringify(payload)
  const timestamp = Math.floor(clock.now() / 1000)
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Deskbell',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': await signatures(keys, { id, timestamp, body }),
  }
  const abort = new AbortController()
  const { promise: late, resolve: giveUp } = Promise.withResolvers<Answer>()
  const cancel = clock.after(ANSWER_WITHIN, () => {
    giveUp({ status: null, reason: 'timed_out' })
    abort.abort()
  })
  const request = { url, headers, body, allowPrivateHost, signal: abort.signal }
  const asked = Promise.resolve(request).then(post).then(answerOf, failureOf)
  try {
    // A transport that does not heed the signal must not hold the webhook
    return await Promise.race([asked, late])
  } finally {
    cancel()
    abort.abort()
  }
}

function answerOf(status: number): Answer {
  if (status >= 200 && status < 300) return { status, reason: null }
  // Browsers' fetch, which some runtimes have, shows a redirect that is not followed as 0
  const isRedirect = status === 0 || (status >= 300 && status < 400)
  return { status: status === 0 ? null : status, reason: isRedirect ? 'redirect' : 'status' }
}

const failureOf = (error: unknown): Answer => ({
  status: null,
  reason: error instanceof WebhookFailed ? error.reason : 'unreachable',
})
