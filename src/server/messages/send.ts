import { DeskbellError } from '../../protocol/errors.ts'
import { authorize, type Identity } from '../people/identity.ts'
import type { Core } from '../core.ts'
import type { Appended, Stored } from './append.ts'

/**
 * A person says something in a chat, by REST or socket alike.
 * @throws DeskbellError whatever `append` throws, and `rate_limited`
 */
export async function sendMessage(
  { rateLimit, writer, observer }: Core,
  sender: Identity,
  chat: Stored['chat'],
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
