import type { ConnectionStatus } from '../client/connection/status.ts'
import type { ConversationCatalogue } from '../ui/catalogue.ts'

/** What the panel says, the conversation in it included */
export interface PanelCatalogue extends ConversationCatalogue {
  /** Of the dot in the header, and of the bar below it */
  connection: Record<ConnectionStatus, string>
  /** The heading, unless the page gives one */
  title: string
  /** Over an empty conversation, unless the page gives one */
  greeting: string
  emptyHint: string
  /** Where replies go by e-mail too */
  emptyHintMail: string
  loading: string
  loadFailed: string
  /** Where the page can find out who is signed in, so that trying again can help */
  signedOut: string
  /** Where it cannot */
  reload: string
  /** Over messages, some of which may wait */
  signedOutLater: string
  /** Nobody knows yet whose the message is, so it is not taken */
  notYet: string
  tryAgain: string
  /** What the other side is called when a message has no name */
  support: string
  /** On a phone, where the panel covers the launcher */
  close: string
  /** In the panel's corner, while the launcher's own button is there too */
  closePanel: string
}
