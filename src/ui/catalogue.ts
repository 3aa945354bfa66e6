// What the conversation says, in one language. `locales/` has one file for each; a component gets its catalogue as a prop.
import type { FilesCatalogue } from './files/catalogue.ts'

export interface ConversationCatalogue {
  /** BCP 47, such as `en` or `pt-BR`. It also decides how plurals, numbers and dates are written. */
  locale: string
  log: string
  loadingOlder: string
  today: string
  yesterday: string
  /** Above the first unread message */
  newMessages: string
  jump: string
  jumpNew: (n: number) => string
  typing: (name: string) => string

  you: string
  sending: string
  waiting: string
  /** The browser cannot store it, so that it waits no longer than the page is open */
  waitingHere: string
  seen: string
  /** Said after the time of a message; empty or undefined: nothing */
  note?: (message: { client_id: string | null; automated?: true }) => string
  notSent: string
  /** Why a message was not sent, by the protocol's error code; a code without an entry adds nothing */
  reasons: Readonly<Record<string, string>>
  retry: string
  discard: string

  /** Of the button beside code */
  copy: string
  copied: string

  message: string
  placeholder: string
  send: string
  /** Said when somebody drops or pastes a file where none can be sent */
  noFiles: string
  left: (n: number) => string
  over: (n: number) => string

  files: FilesCatalogue
}
