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
    intro: string
    /** The sender of a reply without a name */
    sender: (app: string) => string
    /** In the text version, before the quoted reply */
    wrote: (sender: string) => string
    /** When there is more than one reply */
    more: (replies: number) => string
    openChat: string
    /** In the text version */
    openChatAt: (url: string) => string
    reason: (app: string) => string
    unsubscribe: string
    /** In the text version */
    unsubscribeAt: (url: string) => string
  }
  /** The page that the link in the e-mail leads to */
  unsubscribe: {
    question: string
    consequence: string
    confirm: string
    done: string
    doneHint: string
  }
}
