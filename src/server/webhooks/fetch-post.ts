import type { PostWebhook } from '../ports/webhook-post.ts'

/**
 * Posts by the runtime's `fetch`, for runtimes without sockets of their own. It follows no redirect. It does not see to which address
 * a name leads: whoever can change the DNS of an endpoint can point it into the server's network, where the runtime allows that.
 */
export const fetchPost: PostWebhook = async ({ url, headers, body, signal }) => {
  const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
  // Nobody reads it, and it may be endless
  await response.body?.cancel().catch(() => undefined)
  return response.status
}
