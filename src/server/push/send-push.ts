// One push to one browser (RFC 8030).
import type { Clock } from '../ports/clock.ts'
import { PushBarred, type PostPush, type PushAnswer } from '../ports/push-post.ts'
import type { PushSubscriptionRecord } from '../ports/store/push.ts'
import { encryptPush } from './encrypt.ts'
import type { PushKeys } from './push-keys.ts'

/** How long a service may take to answer (ms) */
const ANSWER_WITHIN = 10_000
/** Seconds for which a service keeps it for a browser that is off. After an hour there was an e-mail, or somebody answered */
const TTL = 3_600

export interface Push {
  payload: Uint8Array
  /** One that is not delivered yet is replaced by a later one of the same topic: at most 32 characters of base64url */
  topic: string
}

/** `gone`: there is no such browser any more, or never was · `again`: the service may take it later · `refused`: it never will */
export type PushOutcome =
  | { kind: 'sent' | 'gone' }
  | { kind: 'again'; reason: string; retryAfter: number | undefined }
  | { kind: 'refused'; reason: string }

export interface SendPushOptions {
  keys: Pick<PushKeys, 'authorization'>
  post: PostPush
  clock: Clock
  signal: AbortSignal
}

/** Never rejects */
export async function sendPush(
  to: Pick<PushSubscriptionRecord, 'endpoint' | 'p256dh' | 'auth'>,
  push: Push,
  options: SendPushOptions,
): Promise<PushOutcome> {
  let url: URL
  let body: Uint8Array<ArrayBuffer>
  try {
    url = new URL(to.endpoint)
    body = await encryptPush(push.payload, to)
  } catch {
    // No browser gave these
    return { kind: 'gone' }
  }
  try {
    return outcomeOf(await posted(url, body, push.topic, options), url.host)
  } catch (error) {
    if (error instanceof PushBarred) return { kind: 'gone' }
    const why = error instanceof Error ? error.message : String(error)
    return { kind: 'again', reason: `the push service ${url.host} did not answer: ${why}`, retryAfter: undefined }
  }
}

async function posted(
  url: URL,
  body: Uint8Array<ArrayBuffer>,
  topic: string,
  { keys, post, clock, signal }: SendPushOptions,
): Promise<PushAnswer> {
  const headers = {
    authorization: await keys.authorization(url.origin),
    'content-encoding': 'aes128gcm',
    'content-type': 'application/octet-stream',
    'content-length': String(body.length),
    ttl: String(TTL),
    topic,
    urgency: 'high',
  }
  const abort = new AbortController()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const giveUp = (why: string): void => {
    reject(new Error(why))
    abort.abort()
  }
  const cancel = clock.after(ANSWER_WITHIN, () => giveUp(`not within ${ANSWER_WITHIN / 1_000} s`))
  const stopped = (): void => giveUp('the server stopped')
  signal.addEventListener('abort', stopped)
  try {
    // A transport that does not heed the signal must not hold it
    return await Promise.race([post({ url: url.href, headers, body, signal: abort.signal }), late])
  } finally {
    cancel()
    signal.removeEventListener('abort', stopped)
    abort.abort()
  }
}

function outcomeOf({ status, retryAfter }: PushAnswer, host: string): PushOutcome {
  if (status >= 200 && status < 300) return { kind: 'sent' }
  if (status === 404 || status === 410) return { kind: 'gone' }
  const reason = `the push service ${host} answered ${status}`
  return status === 429 || status >= 500 ? { kind: 'again', reason, retryAfter } : { kind: 'refused', reason }
}
