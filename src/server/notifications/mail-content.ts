import type { ServerCatalogue } from '../catalogue.ts'

/** What both parts of a mail say */
export interface MailContent {
  words: ServerCatalogue
  appName: string
  subject: string
  greeting: string
  /** Who wrote the reply */
  from: string
  /** The beginning of the reply */
  lines: string[]
  unread: number
  /** Opens the chat */
  chatUrl: string
  unsubscribeUrl: string
  /** Occurs in no other mail */
  id: string
}
