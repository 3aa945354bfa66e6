import { AUDIENCE, type Tokens } from '../people/token.ts'
import { CHAT_HEADER, type Mail } from '../ports/mailer.ts'
import type { DueNotification } from '../ports/store/notifications.ts'
import type { MailMaker } from './mail-maker.ts'
import { unsubscribeHeaders } from './unsubscribe-headers.ts'

export interface VisitorMailOptions {
  publicUrl: string
  home: string
  tokens: Tokens
}

/**
 * Composes the mails to addresses that visitors typed. They say the same to everybody: else the form would be a way to read the chat of
 * somebody else, or to send what one likes to anybody. For the same reason nobody can answer them, and they lead to no page that the
 * visitor's browser named.
 */
export function visitorMailComposer(
  maker: MailMaker,
  { publicUrl, home, tokens }: VisitorMailOptions,
): (due: DueNotification) => Promise<Mail[]> {
  return async (due) => {
    const { person, message } = due
    const chatUrl = new URL(home)
    chatUrl.hash = 'deskbell-open'
    const issuedAt = Date.parse(message.created_at)
    // Whoever has the address decides for all visitors who type it
    const token = await tokens.sign({ sub: person.email }, { audience: AUDIENCE.unsubscribeTyped, issuedAt })
    const unsubscribeUrl = `${publicUrl}/unsubscribe?token=${token}`
    const headers = { ...unsubscribeHeaders(unsubscribeUrl), [CHAT_HEADER]: due.chat_id }
    return maker.mails(
      due,
      { ...(await maker.blank(due)), kind: 'visitor', chatUrl: chatUrl.href, unsubscribeUrl },
      [{ to: { name: '', address: person.email }, reference: due.id }],
      { headers },
    )
  }
}
