import type { ServerCatalogue } from '../catalogue.ts'
import type { Origins } from '../http/origins.ts'
import { secretsOf, type Secret } from '../people/keys.ts'
import { AUDIENCE, type Tokens } from '../people/token.ts'
import type { Mail } from '../ports/mailer.ts'
import type { DueNotification } from '../ports/store/notifications.ts'
import { compose } from './compose.ts'
import { mailThreads } from './thread.ts'

export interface MailComposerOptions {
  words: ServerCatalogue
  appName: string
  publicUrl: string
  /** The page for people of whom none is known */
  home: string
  secret: Secret
  origins: Origins
  tokens: Tokens
}

/** Composes mails with links: to the chat on the page where the person last had it, and to unsubscribe. */
export function mailComposer(options: MailComposerOptions): (due: DueNotification) => Promise<Mail> {
  const { words, appName, publicUrl, home, secret, origins, tokens } = options
  const threadOf = mailThreads(secretsOf(secret)[0], publicUrl)
  return async (due) => {
    // The browser reports the page and could forge it, so only allowed origins get into a mail
    const page = due.page_url && origins.allows(new URL(due.page_url).origin) ? due.page_url : home
    const chatUrl = new URL(page)
    chatUrl.hash = 'deskbell-open'
    const token = await tokens.sign({ sub: due.person.id }, { audience: AUDIENCE.unsubscribe })
    const unsubscribeUrl = `${publicUrl}/unsubscribe?token=${token}`
    return compose(due, { words, appName, chatUrl: chatUrl.href, unsubscribeUrl, thread: await threadOf(due) })
  }
}
