import type { PostPush } from '../ports/push-post.ts'
import { retryAfterOf } from './retry-after.ts'

/** Posts by the runtime's `fetch`, which does not see to which address a name leads: see `fetchPost` */
export const fetchPush: PostPush = async ({ url, headers, body, signal }) => {
  const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
  // Nobody reads it, and it may be endless
  await response.body?.cancel().catch(() => undefined)
  return { status: response.status, retryAfter: retryAfterOf(response.headers.get('retry-after')) }
}
