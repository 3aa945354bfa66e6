import { createHmac } from 'node:crypto'
import type { Listener } from '../server/ports/publisher.ts'

/**
 * The name of a listener among those who are in a chat at a service. Everybody in the chat sees it, so it tells no id of staff. The server gives it
 * out, so nobody can take that of the other side.
 * @param secret of the service
 */
export function memberOf({ side, id }: Listener, secret: string): string {
  if (side === 'user') return 'user'
  return `admin.${createHmac('sha256', secret).update(`member ${id}`).digest('base64url').slice(0, 16)}`
}
