import type { ServerCatalogue } from '../catalogue.ts'
import type { Origins } from '../http/origins.ts'
import type { ReplyAddresses } from '../mail-replies/reply-address.ts'
import { markerLine } from '../mail-replies/written-text.ts'
import { nameOf } from '../people/details.ts'
import { secretsOf, type Secret } from '../people/keys.ts'
import { AUDIENCE, type Tokens } from '../people/token.ts'
import type { Mail } from '../ports/mailer.ts'
import type { DueNotification } from '../ports/store/notifications.ts'
import type { Store } from '../ports/store/store.ts'
import type { MailContent } from './mail-content.ts'
import { BY_MACHINE, unsubscribeHeaders } from './mail-headers.ts'
import type { MailLook } from './mail-look.ts'
import { shownMessages } from './shown-messages.ts'
import { mailNames } from './thread.ts'
import { writtenMail, type WrittenMailOptions } from './written-mail.ts'

export interface MailComposerOptions extends WrittenMailOptions {
  store: Pick<Store, 'messages'>
  words: ServerCatalogue
  appName: string
  look: MailLook
  publicUrl: string
  /** The page for people of whom none is known */
  home: string
  secret: Secret
  origins: Origins
  tokens: Tokens
  /** Null: nobody can answer by e-mail */
  replyAddresses: ReplyAddresses | null
}

/**
 * Composes the mails about unread replies, with links to the chat on the page where the person last had it, and to unsubscribe. The
 * same state of the chat makes the same mail, to the last byte, so that a mail that is tried again is a repetition.
 */
export function mailComposer(options: MailComposerOptions): (due: DueNotification) => Promise<Mail> {
  const { store, words, appName, look, publicUrl, home, secret, origins, tokens, replyAddresses } = options
  const names = mailNames(secretsOf(secret)[0], publicUrl)

  async function contentOf(due: DueNotification): Promise<MailContent> {
    const { person, message, unread } = due
    // The browser reports the page and could forge it, so only allowed origins get into a mail
    const page = due.page_url && origins.allows(new URL(due.page_url).origin) ? due.page_url : home
    const chatUrl = new URL(page)
    chatUrl.hash = 'deskbell-open'
    const issuedAt = Date.parse(message.created_at)
    const token = await tokens.sign({ sub: person.id }, { audience: AUDIENCE.unsubscribe, issuedAt })
    return {
      kind: 'reply',
      appName,
      look,
      words,
      person,
      ...(await shownMessages(store, due)),
      count: unread,
      chatUrl: chatUrl.href,
      unsubscribeUrl: `${publicUrl}/unsubscribe?token=${token}`,
      replyLine: replyAddresses && markerLine(words.byMail.marker),
      id: await names.name('reply', message.id),
    }
  }

  return async (due) => {
    const content = await contentOf(due)
    const to = { name: nameOf(due.person.name) ?? '', address: due.person.email }
    const parts = await writtenMail(content, options)
    const headers = {
      ...(await names.thread(due.chat_id)),
      ...unsubscribeHeaders(content.unsubscribeUrl),
      ...BY_MACHINE,
    }
    const replyTo = await replyAddresses?.of({ id: due.chat_id, user_id: due.person.id })
    const messageId = await names.messageId(JSON.stringify([to, parts.subject, parts.text, parts.html, headers]))
    return { to, ...parts, ...(replyTo && { replyTo }), headers: { ...messageId, ...headers } }
  }
}
