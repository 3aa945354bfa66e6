import type { Refusal } from './mail-replies/refusal.ts'

/**
 * The texts of the e-mail and of the server's own pages, in one language. `locales/` has one file for each; a host may pass its own
 * as the option `words`.
 */
export interface ServerCatalogue {
  /** BCP 47, such as `en` or `pt-BR`. It also decides how plurals and numbers are written. */
  locale: string
  /** The e-mail about unread replies; `app` is the option `appName` */
  mail: {
    subject: (app: string) => string
    greeting: (name: string | null) => string
    /** @param replies how many replies the e-mail is about */
    intro: (replies: number) => string
    /** The sender of a reply without a name */
    sender: (app: string) => string
    /** In the text version, before the quoted reply */
    wrote: (sender: string) => string
    /** When there are more replies than the e-mail shows. @param replies how many it does not show */
    more: (replies: number) => string
    /** The sender of the person's own messages */
    you: string
    /** Above what was said before */
    earlier: string
    openChat: string
    /** In the text version */
    openChatAt: (url: string) => string
    reason: (app: string) => string
    unsubscribe: string
    /** In the text version */
    unsubscribeAt: (url: string) => string
  }
  /** The e-mail to an address that somebody without an account typed. It must not say what was written */
  visitorMail: {
    intro: string
    reason: (app: string) => string
  }
  /** Replies by e-mail */
  byMail: {
    /** In our mails, above what is quoted of them in a reply: what people write above it joins the chat */
    marker: string
    /** Above a message that came from another address than the user's */
    from: (address: string) => string
    /** Below a message: files that came with it, and were left out */
    left: (names: string[]) => string
    /** Of the answer to a mail that did not join a chat. @param subject that of the mail */
    subject: (subject: string) => string
    /** Why it did not */
    refused: Record<Refusal, string>
    /** What to do in place of it */
    instead: (app: string) => string
    /** The link to the app */
    open: (app: string) => string
  }
  /** The e-mail to staff about messages that nobody viewed */
  staffMail: {
    /** @param user the name, or else the address, of who wrote */
    subject: (user: string) => string
    /** @param messages how many messages wait */
    intro: (messages: number) => string
    /** An address that somebody without an account typed */
    unverified: (address: string) => string
    /** A user of whom neither name nor address is known */
    somebody: string
    openChat: string
    /** In the text version */
    openChatAt: (url: string) => string
    reason: (app: string) => string
  }
  /** The pages that the link in the e-mail leads to */
  unsubscribe: {
    question: string
    consequence: string
    confirm: string
    done: string
    doneHint: string
    /** The button that undoes it */
    again: string
    resubscribed: string
    resubscribedHint: string
    /** The link was cut off, or is not one of ours */
    broken: string
    brokenHint: string
  }
  /** The page that the dashboard leads to when nobody is signed in and `signInUrl` is not set */
  signIn: {
    title: string
    text: string
  }
  /** What people see instead of an error that is meant for programs: a title and a text */
  errorPage: {
    notFound: [title: string, text: string]
    signedOut: [title: string, text: string]
    busy: [title: string, text: string]
    failed: [title: string, text: string]
    /** The link that leads on, to the host's app; also on the pages about e-mails */
    home: (app: string) => string
    /** The same below the dashboard: to the dashboard */
    dashboard: string
  }
}
