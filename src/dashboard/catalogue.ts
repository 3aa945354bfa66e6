// What the dashboard says, in one language. `locales/` has one file for each.
import type { ConversationCatalogue } from '../ui/catalogue.ts'
import type { MailBlock } from '../protocol/types.ts'
import type { Failure } from './state/failure-notice.ts'

export interface DashboardCatalogue {
  /** BCP 47, such as `en` or `pt-BR`. It also decides how plurals, numbers and dates are written. */
  locale: string
  title: string
  unreadTotal: (chats: number) => string
  /** The same in a few characters. The server counts to 1,000, which means that there may be more */
  unreadShort: (chats: number) => string
  /** Of the window; `open` is the person whose chat is open, or the page that is */
  documentTitle: (unreadChats: number, open: string | null) => string
  skipToChat: string
  skipToPage: string

  menu: string
  menuOf: (who: string) => string
  signOut: string
  /** Opens the palette */
  findAnything: string
  /** Opens it with people alone */
  newChat: string
  /** What is in the menu besides, and the titles of the pages */
  accountPage: string
  cannedReplies: string
  teamPage: string
  webhooksPage: string
  notificationsPage: string
  numbersPage: string
  loadingPage: string
  pageFailed: string

  listLabel: string
  active: string
  archived: string
  tabsLabel: string
  /** Whose chats the list shows */
  whoseLabel: string
  everybody: string
  mine: string
  unassigned: string
  /** The chats in which somebody waits for an answer */
  waitingChats: string
  /** A choice of one tag, or of none */
  tagFilter: string
  allTags: string
  searchLabel: string
  searchAllLabel: string
  searchClear: string
  /** A button that is pressed while rows are dense */
  denseList: string
  denserRows: string
  fullerRows: string
  unread: string
  you: string
  /** Between who of staff wrote and what, in the list */
  colon: string
  /** Who wrote, where it was a machine without a name */
  automated: string
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
  emptyMine: (archived: boolean) => string
  emptyMineHint: string
  emptyUnassigned: string
  emptyUnassignedHint: string
  selectChats: string
  emptyWaiting: string
  emptyWaitingHint: string
  emptyTag: (tag: string, archived: boolean) => string
  emptyTagHint: string
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
  /** Somebody of staff has the chat on the screen too; `others`: how many more do */
  isLooking: (who: string, others: number) => string
  /** Somebody of staff writes in it; `others`: how many more do */
  isWriting: (who: string, isNote: boolean, others: number) => string
  /** Who has the chat. `you` is in it too */
  assignedTo: (who: string) => string
  assignNobody: string
  /** The menu of whom to assign it to */
  assignLabel: string
  assignPlaceholder: string
  nobody: string
  yourself: (name: string | null) => string
  loadingColleagues: string
  colleaguesFailed: string
  noColleague: (text: string) => string
  lastSeen: (when: string) => string
  isArchived: string
  loadingChat: string
  chatFailed: string
  chatMissing: string
  toAllChats: string
  /** The messages and the reply box */
  conversation: ConversationCatalogue
  /** What the box below the thread writes */
  composeLabel: string
  reply: string
  note: string
  /** Beside the kind that is not chosen, where something was begun */
  draft: string
  /** Names the box, and stands on each note */
  noteLabel: string
  notePlaceholder: string
  addNote: string
  /** Beside the switch while a note is written */
  onlyStaff: string
  noteBy: (who: string) => string
  /** The assistant answers no more: the user wanted a person, it gave up by itself, or it had answered too often */
  handedOver: Record<'user' | 'assistant' | 'limit', string>
  suggest: string
  suggestStop: string
  suggestUndo: string
  /** Said to screen readers once a draft is complete */
  suggestDone: string
  suggestNone: string
  suggestFailed: string
  /** `who` is null where the host's own code did it */
  archivedBy: (who: string | null) => string
  unarchivedBy: (who: string | null) => string
  unarchivedByMessage: string
  blockedBy: (who: string | null) => string
  unblockedBy: (who: string | null) => string
  ratedBy: (score: number, comment: string | null) => string
  /** `who` is null where nobody of staff did it */
  tagged: (who: string | null, added: readonly string[], removed: readonly string[]) => string
  /** `reason` is what the mail service said, in its words; null where it said nothing */
  mailSent: (address: string) => string
  mailFailed: (address: string, reason: string | null) => string
  mailUncertain: (address: string, reason: string | null) => string
  mailBounced: Record<MailBlock['kind'], (address: string, reason: string | null) => string>
  takenBy: (who: string) => string
  takenByReply: (who: string) => string
  /** `who` is null where nobody of staff did it; `to` where it is who reads */
  assignedBy: (who: string | null, to: string | null) => string
  unassignedBy: (who: string | null) => string
  /** Somebody of staff without a name */
  aColleague: string
  goingBack: string
  shownMessage: (when: string) => string
  apart: (messagesBack: number, when: string) => string
  toNewest: string
  messageMissing: string
  goingBackFailed: string

  infoLabel: string
  rating: string
  /** From 1, bad, to 5, great */
  faces: readonly string[]
  rated: (score: number) => string
  tags: string
  addTag: string
  removeTag: (tag: string) => string
  chatsWithTag: (tag: string) => string
  name: string
  email: string
  firstSeen: string
  lastSeenLabel: string
  page: string
  unknown: string
  /** Why no e-mails go to the person's address, below it */
  mailBlocks: Record<MailBlock['kind'], string>
  unblockMail: string
  /** The person wants no e-mails, and the button that sends them again, after a question */
  unsubscribed: string
  resubscribe: string
  resubscribeSure: string
  /** A button that takes in nothing more of the person, and what it asks */
  block: string
  blockSure: string
  /** What it means, where it is so, and the button that undoes it */
  blockedHint: string
  unblock: string
  isBlocked: string
  /** Somebody without an account. @param code tells them from others */
  visitor: (code: string) => string
  /** What somebody without an account typed */
  unverifiedAddress: (address: string) => string
  /** The same beside their name and address */
  unverified: string
  /** What that means */
  unverifiedHint: string
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

  /** A button that leads to the page of notifications */
  bellOn: string
  bellOff: string
  /** The title of the desktop's notification where several chats have something new */
  newInChats: (chats: number) => string

  justNow: string
  /** The same, where there is little room */
  now: string
}
