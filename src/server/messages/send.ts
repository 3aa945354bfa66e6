import { DeskbellError } from '../../protocol/errors.ts'
import { isEmpty } from '../../protocol/message.ts'
import { writeVisitorsChat } from '../chats/open.ts'
import type { Core } from '../core.ts'
import { personKey } from '../people/identity.ts'
import { authorize } from '../people/policy.ts'
import { UnwrittenChat } from '../chats/unwritten-chat.ts'
import type { Appended, OutgoingMessage } from './append.ts'
import { checkContent } from './check-content.ts'

/**
 * Sends a person's message to a chat, from REST or a socket. The first one of a visitor creates the chat.
 * @throws DeskbellError `forbidden`, `not_found`, `blank`, `too_long`, `invalid_request`, `rate_limited`, `token_revoked`, and what
 *   `append` throws
 */
export async function sendMessage(core: Core, outgoing: OutgoingMessage): Promise<Appended> {
  const { rateLimit, writer, observer, assignOnReply } = core
  const { sender, chat, attachmentIds = [] } = outgoing
  // Files say enough
  const content = attachmentIds.length > 0 && isEmpty(outgoing) ? '' : outgoing.content
  try {
    authorize(sender, 'send_message', chat)
    if (content !== '' || attachmentIds.length === 0) checkContent(content)
    rateLimit?.take(personKey(sender))
    const stored =
      chat instanceof UnwrittenChat ? await chat.written(() => writeVisitorsChat(core, sender, chat)) : chat
    const takesChat = assignOnReply && sender.role === 'admin' && !outgoing.automated
    const appended = await writer.append({ ...outgoing, content, chat: stored, takesChat })
    observer?.sent?.(appended.repeated ? 'repeated' : 'stored')
    return appended
  } catch (error) {
    observer?.sent?.(error instanceof DeskbellError ? error.code : 'internal')
    throw error
  }
}
