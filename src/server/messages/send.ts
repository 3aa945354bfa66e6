import { DeskbellError } from '../../protocol/errors.ts'
import { MAX_CONTENT } from '../../protocol/limits.ts'
import { isEmpty } from '../../protocol/message.ts'
import { writeVisitorsChat } from '../chats/open.ts'
import type { Core } from '../core.ts'
import { isCleanText } from '../http/input.ts'
import { personKey } from '../people/identity.ts'
import { authorize } from '../people/policy.ts'
import { UnwrittenChat } from '../chats/unwritten-chat.ts'
import type { Appended, OutgoingMessage } from './append.ts'

/**
 * Sends a person's message to a chat, from REST or a socket. The first one of a visitor creates the chat.
 * @throws DeskbellError `forbidden`, `not_found`, `blank`, `too_long`, `invalid_request`, `rate_limited`, `token_revoked`, and what
 *   `append` throws
 */
export async function sendMessage(core: Core, outgoing: OutgoingMessage): Promise<Appended> {
  const { rateLimit, writer, observer } = core
  const { sender, chat, content } = outgoing
  try {
    authorize(sender, 'send_message', chat)
    checkContent(content)
    rateLimit?.take(personKey(sender))
    const stored =
      chat instanceof UnwrittenChat ? await chat.written(() => writeVisitorsChat(core, sender, chat)) : chat
    const appended = await writer.append({ ...outgoing, chat: stored })
    observer?.sent?.(appended.repeated ? 'repeated' : 'stored')
    return appended
  } catch (error) {
    observer?.sent?.(error instanceof DeskbellError ? error.code : 'internal')
    throw error
  }
}

/** @throws DeskbellError `blank`, `too_long`, `invalid_request` */
function checkContent(content: string): void {
  if (isEmpty({ content })) throw new DeskbellError('blank')
  if (content.length > MAX_CONTENT) throw new DeskbellError('too_long')
  if (!isCleanText(content)) throw new DeskbellError('invalid_request', 'content: must be valid Unicode without NUL')
}
