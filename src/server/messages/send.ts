import { DeskbellError } from '../../protocol/errors.ts'
import { authorize, type Identity } from '../people/identity.ts'
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
    authorize(sender, chat)
    rateLimit?.take(`${sender.role}:${sender.id}`)
    const appended = await writer.append(sender, chat, content, clientId)
    observer?.sent?.(appended.repeated ? 'repeated' : 'stored')
    return appended
  } catch (error) {
    observer?.sent?.(error instanceof DeskbellError ? error.code : 'internal')
    throw error
  }
}
