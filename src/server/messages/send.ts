import { DeskbellError } from '../../protocol/errors.ts'
import { personKey, type Identity } from '../people/identity.ts'
import { authorize } from '../people/policy.ts'
import type { Core } from '../core.ts'
import type { EventChat } from '../events/chat-event.ts'
import type { Appended } from './append.ts'

/**
 * A person sends a message to a chat, over REST or a socket.
 * @throws DeskbellError what `append` throws, and `rate_limited`
 */
export async function sendMessage(
  { rateLimit, writer, observer }: Core,
  sender: Identity,
  chat: EventChat,
  content: string,
  clientId: string | null,
): Promise<Appended> {
  try {
    authorize(sender, 'send_message', chat)
    rateLimit?.take(personKey(sender))
    const appended = await writer.append(sender, chat, content, clientId)
    observer?.sent?.(appended.repeated ? 'repeated' : 'stored')
    return appended
  } catch (error) {
    observer?.sent?.(error instanceof DeskbellError ? error.code : 'internal')
    throw error
  }
}
