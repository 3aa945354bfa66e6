import { isVisitor } from '../../protocol/visitor.ts'
import type { Origins } from '../http/origins.ts'
import type { ReplyAddresses } from '../mail-replies/reply-address.ts'
import { markerLine } from '../mail-replies/written-text.ts'
import { nameOf } from '../people/details.ts'
import { AUDIENCE, type Tokens } from '../people/token.ts'
import type { Mail } from '../ports/mailer.ts'
import type { DueNotification } from '../ports/store/notifications.ts'
import { MailMaker, type MailMakerOptions } from './mail-maker.ts'
import { unsubscribeHeaders } from './unsubscribe-headers.ts'
import { visitorMailComposer } from './visitor-mail.ts'

export interface MailComposerOptions extends MailMakerOptions {
  /** The page for people of whom none is known */
  home: string
  origins: Origins
  tokens: Tokens
  /** Null: nobody can answer by e-mail */
  replyAddresses: ReplyAddresses | null
}

/** Composes the mails about unread replies, with links to the chat on the page where the person last had it, and to unsubscribe. */
export function mailComposer(options: MailComposerOptions): (due: DueNotification) => Promise<Mail[]> {
  const { words, publicUrl, home, origins, tokens, replyAddresses } = options
  const maker = new MailMaker(options)
  const toVisitor = visitorMailComposer(maker, options)
  return async (due) => {
    const { person, message, page_url } = due
    if (isVisitor(person.id)) return toVisitor(due)
    // The browser reports the page and could forge it, so only allowed origins get into a mail
    const page = page_url && origins.allows(new URL(page_url).origin) ? page_url : home
    const chatUrl = new URL(page)
    chatUrl.hash = 'deskbell-open'
    const issuedAt = Date.parse(message.created_at)
    const token = await tokens.sign({ sub: person.id }, { audience: AUDIENCE.unsubscribe, issuedAt })
    const unsubscribeUrl = `${publicUrl}/unsubscribe?token=${token}`
    const replyLine = replyAddresses && markerLine(words.byMail.marker)
    const replyTo = await replyAddresses?.of({ id: due.chat_id, user_id: person.id })
    return maker.mails(
      due,
      { ...(await maker.content(due)), kind: 'reply', chatUrl: chatUrl.href, unsubscribeUrl, replyLine },
      [{ to: { name: nameOf(person.name) ?? '', address: person.email }, reference: due.id }],
      { headers: unsubscribeHeaders(unsubscribeUrl), ...(replyTo && { replyTo }) },
    )
  }
}
