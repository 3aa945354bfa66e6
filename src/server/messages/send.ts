import { authorize, type Identity } from '../people/identity.ts'
import type { Core } from '../core.ts'
import type { Appended, Stored } from './append.ts'

/**
 * A person says something in a chat, by REST or socket alike.
 * @throws DeskbellError whatever `append` throws, and `rate_limited`
 */
export function sendMessage(
  { rateLimit, writer }: Core,
  sender: Identity,
  chat: Stored['chat'],
  content: string,
  clientId: string | null,
): Promise<Appended> {
  authorize(sender, chat)
  rateLimit?.take(`${sender.role}:${sender.id}`)
  return writer.append(sender, chat, content, clientId)
}
