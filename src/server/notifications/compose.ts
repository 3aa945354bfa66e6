import { oneLine } from '../../protocol/one-line.ts'
import type { ServerCatalogue } from '../catalogue.ts'
import { nameOf } from '../people/details.ts'
import type { Mail } from '../ports/mailer.ts'
import type { DueNotification } from '../ports/store/notifications.ts'
import type { MailContent } from './mail-content.ts'
import { mailHtml } from './mail-html.ts'
import { mailText } from './mail-text.ts'
import { previewLines } from './preview.ts'
import type { MailThread } from './thread.ts'

export interface MailOptions {
  words: ServerCatalogue
  appName: string
  /** Opens the chat */
  chatUrl: string
  unsubscribeUrl: string
  thread: MailThread
}

/** Octets of a header's value: a line of a mail has at most 998 (RFC 5322 section 2.1.1), and a URL cannot be folded */
const LONGEST_HEADER = 990

/** Composes the mail about unread replies: text and HTML, with RFC 8058 one-click unsubscribe. */
export async function compose(due: DueNotification, options: MailOptions): Promise<Mail> {
  const { words, chatUrl, unsubscribeUrl, thread } = options
  const { locale, mail: say } = words
  const { person, message, unread } = due
  const appName = oneLine(options.appName)
  const name = nameOf(person.name)
  const content: MailContent = {
    words,
    appName,
    subject: say.subject(appName),
    greeting: say.greeting(name),
    from: nameOf(message.sender_name) ?? say.sender(appName),
    lines: previewLines(message.content, locale),
    unread,
    chatUrl,
    unsubscribeUrl,
    id: thread.id,
  }
  return {
    to: { name: name ?? '', address: person.email },
    subject: content.subject,
    text: mailText(content),
    html: await mailHtml(content),
    headers: {
      ...thread.headers,
      ...unsubscribeHeaders(unsubscribeUrl),
      // Nobody is to answer by machine: the first is RFC 3834's, the second is for Exchange, which does not know the first
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
  }
}

/** The link in the mail remains when a very long id of a person makes the header's line too long */
function unsubscribeHeaders(url: string): Record<string, string> {
  const value = `<${url}>`
  if (value.length > LONGEST_HEADER) return {}
  return { 'List-Unsubscribe': value, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
}
