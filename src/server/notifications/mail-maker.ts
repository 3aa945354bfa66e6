import { secretsOf, type Secret } from '../people/keys.ts'
import type { ServerCatalogue } from '../catalogue.ts'
import type { Mail } from '../ports/mailer.ts'
import type { DueNotification } from '../ports/store/notifications.ts'
import type { Store } from '../ports/store/store.ts'
import type { MailContent } from './mail-content.ts'
import type { MailLook } from './mail-look.ts'
import { shownMessages } from './shown-messages.ts'
import { mailNames } from './thread.ts'
import { writtenMail, type WrittenMailOptions } from './written-mail.ts'

/** What the mails to users and to staff have in common */
export interface MailMakerOptions extends WrittenMailOptions {
  store: Pick<Store, 'messages'>
  words: ServerCatalogue
  appName: string
  look: MailLook
  publicUrl: string
  secret: Secret
}

/** Nobody is to answer by machine: the first is RFC 3834's, the second is for Exchange, which does not know the first */
const BY_MACHINE = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }

/**
 * Makes mails of their content. The same state of a chat makes the same mail, to the last byte, so that a mail that is tried again is a
 * repetition.
 */
export class MailMaker {
  readonly #options: MailMakerOptions
  readonly #names

  constructor(options: MailMakerOptions) {
    this.#options = options
    this.#names = mailNames(secretsOf(options.secret)[0], options.publicUrl)
  }

  /** What every mail about the chat shows */
  async content(due: DueNotification) {
    const { store, words, appName, look } = this.#options
    const { kind, person, message, unread } = due
    const id = await this.#names.name(kind, message.id)
    return { appName, look, words, person, ...(await shownMessages(store, due)), count: unread, id }
  }

  /** What a mail shows that must not show anything of the chat */
  async blank({ kind, person: { id, email }, message, unread }: DueNotification) {
    const { words, appName, look } = this.#options
    const person = { id, email, name: null }
    const shown = { messages: [], before: [], count: unread }
    return { appName, look, words, person, ...shown, id: await this.#names.name(kind, message.id) }
  }

  /** The same mail to each of these. @param own what this kind of mail has beside its parts */
  async mails(
    due: DueNotification,
    content: MailContent,
    to: Pick<Mail, 'to' | 'reference'>[],
    own: Pick<Mail, 'headers' | 'replyTo'>,
  ): Promise<Mail[]> {
    const { kind, chat_id } = due
    const parts = await writtenMail(content, this.#options)
    const headers = { ...(await this.#names.thread(kind, chat_id)), ...own.headers, ...BY_MACHINE }
    return Promise.all(
      to.map(async (one) => {
        const { subject, text, html } = parts
        const mail = { ...one, subject, text, html, ...own, headers }
        const messageId = await this.#names.messageId(kind, JSON.stringify(mail))
        return { ...mail, headers: { ...messageId, ...headers } }
      }),
    )
  }
}
