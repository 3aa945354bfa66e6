import { randomUUID } from 'node:crypto'
import { guardedPost } from '../../adapters/guarded-post.ts'
import type { WebhookFailure } from '../../protocol/webhooks.ts'
import { systemClock } from '../../server/ports/clock.ts'
import { readEndpoints, type Endpoint } from '../../server/webhooks/endpoint.ts'
import { postSigned, type Answer } from '../../server/webhooks/post-signed.ts'
import type { Settings } from '../../standalone/settings.ts'
import { ok, wrong, type Finding } from './finding.ts'

/** Sends each endpoint a signed ping, which tells of nothing */
export const checkWebhooks = ({ webhooks }: Settings): Promise<Finding[]> =>
  Promise.all(readEndpoints(webhooks).map(checkEndpoint))

async function checkEndpoint(endpoint: Endpoint): Promise<Finding> {
  const payload = { type: 'ping', timestamp: new Date().toISOString(), data: {} }
  const answer = await postSigned({ id: randomUUID(), payload }, endpoint, { clock: systemClock, post: guardedPost() })
  return answer.reason === null
    ? ok('webhook', `${endpoint.shownUrl} accepted a ping`)
    : wrong('webhook', `${endpoint.shownUrl} ${adviceOf(answer, answer.reason)}`)
}

const ADVICE: Record<Exclude<WebhookFailure, 'status'>, string> = {
  redirect: 'answered with a redirect, which is not followed: set WEBHOOK_URL to where it leads',
  timed_out: 'did not answer within ten seconds',
  unknown_host: 'has a name without an address: check WEBHOOK_URL',
  private_address: 'leads to an address that is not public; if that is meant, set WEBHOOK_PRIVATE_HOSTS=on',
  tls: 'could not be trusted: look at its certificate',
  unreachable: 'could not be reached: check WEBHOOK_URL, and that this machine may connect to it',
}

function adviceOf({ status }: Answer, reason: WebhookFailure): string {
  if (reason !== 'status') return ADVICE[reason]
  return status === 401 || status === 403
    ? `answered ${status}: does it know the secret of WEBHOOK_SECRET?`
    : `answered ${status}, and should answer 200 to 299 to a ping too`
}
