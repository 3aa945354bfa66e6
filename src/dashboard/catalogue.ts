// What the dashboard says, in one language. `locales/` has one file for each.
import type { ConversationCatalogue } from '../ui/catalogue.ts'
import type { MailBlock } from '../protocol/types.ts'
import type { Failure } from './state/failure-notice.ts'

export interface DashboardCatalogue {
  /** BCP 47, such as `en` or `pt-BR`. It also decides how plurals, numbers and dates are written. */
  locale: string
  title: string
  unreadTotal: (chats: number) => string
  /** Of the window; `open` is the person whose chat is open, or the page that is */
  documentTitle: (unreadChats: number, open: string | null) => string
  skipToChat: string
  skipToPage: string

  menu: string
  menuOf: (who: string) => string
  signOut: string
  /** What is in the menu besides, and the titles of the pages */
  accountPage: string
  teamPage: string
  webhooksPage: string
  loadingPage: string
  pageFailed: string

  listLabel: string
  active: string
  archived: string
  tabsLabel: string
  searchLabel: string
  searchAllLabel: string
  searchClear: string
  /** A button that is pressed while rows are dense */
  denseList: string
  denserRows: string
  fullerRows: string
  unread: string
  you: string
  /** Before a reply in the list */
  youPrefix: string
  noPreview: string
  messages: (n: number) => string
  /** Chats that are new, or have moved, while the order is held */
  waiting: (chats: number) => string
  showWaiting: string
  /** Read out when the first of them comes */
  somethingNew: string
  loadingChats: string
  loadingMore: string
  listFailed: string
  moreFailed: string
  retry: string
  emptyActive: string
  emptyActiveHint: string
  emptyArchived: string
  emptyArchivedHint: string
  emptySearch: (q: string) => string
  emptySearchHint: (tab: string) => string
  emptyAllSearch: (q: string) => string
  emptyAllSearchHint: (tab: string) => string

  foundPeople: string
  foundMessages: string
  morePeople: string
  searchingMessages: string
  searchFailed: string
  noMessage: string
  /** `isEmpty`: nothing was found so far */
  searchedTo: (day: string, isEmpty: boolean) => string
  searchFurther: string
  /** `chats`: in which messages were found; null where messages were not searched */
  foundCount: (people: number, chats: number | null) => string

  conversationLabel: string
  pickTitle: string
  pickHint: string
  pickKeys: string
  back: string
  archive: string
  restore: string
  online: string
  lastSeen: (when: string) => string
  isArchived: string
  loadingChat: string
  chatFailed: string
  chatMissing: string
  toAllChats: string
  /** The messages and the reply box */
  conversation: ConversationCatalogue
  goingBack: string
  shownMessage: (when: string) => string
  apart: (messagesBack: number, when: string) => string
  toNewest: string
  messageMissing: string
  goingBackFailed: string

  infoLabel: string
  name: string
  email: string
  firstSeen: string
  lastSeenLabel: string
  page: string
  unknown: string
  /** Why no e-mails go to the person's address, below it */
  mailBlocks: Record<MailBlock['kind'], string>
  unblockMail: string
  /** Somebody without an account. @param code tells them from others */
  visitor: (code: string) => string
  /** Values of attributes that the host gives as true and false */
  yes: string
  no: string

  /** What did not work */
  failures: Record<Failure, string>

  offlineBar: string
  reconnectingBar: string
  signedOut: string
  signIn: string

  helpButton: string
  helpTitle: string
  close: string
  /** Keys, and what they do */
  shortcuts: readonly (readonly [keys: readonly string[], what: string])[]

  /** A switch */
  singleKeys: string
  singleKeysHint: string

  justNow: string
  /** The same, where there is little room */
  now: string
}
