import type { HtmlEscapedString } from 'hono/utils/html'

/** A link or other markup that a sentence contains */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>

/** What the pages of the stand-alone server say, in one language. `locales/` has one file for each. */
export interface StandaloneCatalogue {
  /** BCP 47, such as `en` or `pt-BR` */
  locale: string
  signIn: {
    /** The name of who signs in with the link that the server prints */
    staffName: string
  }
  mailbox: {
    /** Of the window */
    windowTitle: string
    title: string
    intro: string
    empty: string
    emptyHint: string
    to: string
    /** The plain text of a mail */
    text: string
    headers: string
    /** The link to the page with a mail of each kind */
    preview: string
    previewTitle: string
    previewIntro: string
    back: string
    /** What made-up people say in these mails */
    sample: Record<'user' | 'staff' | 'hello' | 'question' | 'answer' | 'more', string>
  }
  demo: {
    windowTitle: string
    /** Of the chat panel */
    chatHeading: string
    chatGreeting: string
    navigation: string
    calendar: string
    clients: string
    settings: string
    title: string
    lead: string
    profile: string
    name: string
    email: string
    plan: string
    planName: string
    hours: string
    weekdays: string
    weekdayHours: string
    saturday: string
    saturdayHours: string
    tryIt: string
    tryHint: (parts: { dashboard: Markup; mailbox: Markup; name: string; somebodyElse: Markup }) => Markup
    dashboard: string
    mailbox: string
    somebodyElse: string
    embed: string
    embedHint: string
  }
}
