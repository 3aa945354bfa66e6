import { DeskbellError } from '../../protocol/errors.ts'
import { personKey } from '../people/identity.ts'
import { authorize } from '../people/policy.ts'
import type { Core } from '../core.ts'
import type { Appended, OutgoingMessage } from './append.ts'

/**
 * Sends a person's message to a chat, from REST or a socket.
 * @throws DeskbellError `forbidden`, `not_found`, `rate_limited`, and what `append` throws
 */
export async function sendMessage({ rateLimit, writer, observer }: Core, outgoing: OutgoingMessage): Promise<Appended> {
  const { sender, chat } = outgoing
  try {
    authorize(sender, 'send_message', chat)
    rateLimit?.take(personKey(sender))
    const appended = await writer.append(outgoing)
    observer?.sent?.(appended.repeated ? 'repeated' : 'stored')
    return appended
  } catch (error) {
    observer?.sent?.(error instanceof DeskbellError ? error.code : 'internal')
    throw error
  }
}
