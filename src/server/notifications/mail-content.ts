import type { SupportMessage } from '../../protocol/types.ts'
import type { ServerCatalogue } from '../catalogue.ts'
import type { Person } from '../ports/store/people.ts'
import type { MailLook } from './mail-look.ts'

interface AnyMailContent {
  appName: string
  look: MailLook
  /** The texts, in the language of the option `words`. With another catalogue the standard mail speaks another language */
  words: ServerCatalogue
  /** The user of the chat */
  person: Pick<Person, 'id' | 'email' | 'name'>
  /**
   * What the mail is about, oldest first; the newest of them when there are very many. The `url` of their files is empty: a mail may be read, and
   * tried again, long after such a URL has ended
   */
  messages: SupportMessage[]
  /** How many there are in all */
  count: number
  /** What was said before them, oldest first: up to three messages */
  before: SupportMessage[]
  /** Opens the chat; for staff, in the dashboard */
  chatUrl: string
  /** Differs between mails, and is the same for every try of a mail */
  id: string
}

/** To a user, about replies that stayed unread */
export interface ReplyMailContent extends AnyMailContent {
  kind: 'reply'
  unsubscribeUrl: string
  /** Above it people answer by e-mail, so it comes first; null: they cannot */
  replyLine: string | null
}

/**
 * To the address that somebody without an account typed, about replies that stayed unread. It may be anybody's, so the mail shows nothing
 * of the chat: no messages, no name, and no page of theirs
 */
export interface VisitorMailContent extends AnyMailContent {
  kind: 'visitor'
  unsubscribeUrl: string
}

/** To staff, about messages of a user that nobody viewed */
export interface WaitingMailContent extends AnyMailContent {
  kind: 'waiting'
}

/** All that a mail can be made of. A template gets it */
export type MailContent = ReplyMailContent | VisitorMailContent | WaitingMailContent

/** A mail as a template writes it */
export interface MailParts {
  /** One line; line breaks become spaces */
  subject: string
  /** A whole document. What people wrote has to be escaped */
  html: string
  /** The same in plain text */
  text: string
}

/**
 * Writes the mails. `standardMail(content)` is the one that comes with Deskbell: change what it returns, or write all of it. What
 * the template returns has to depend on the content alone: a mail that is tried again is to be the same, since some providers tell
 * repetitions by it.
 */
export type MailTemplate = (content: MailContent) => MailParts | Promise<MailParts>
