import { isByEmail } from '../../protocol/by-email.ts'
import { plural } from '../../protocol/plural.ts'
import { conversation } from '../../ui/locales/en.ts'
import type { DashboardCatalogue } from '../catalogue.ts'

const locale = 'en'
const because = (reason: string | null): string => (reason === null ? '' : `: ${reason}`)

/** The server counts no further than one more */
const MOST_UNREAD = 999
const unreadShort = (n: number): string =>
  n > MOST_UNREAD ? `${MOST_UNREAD.toLocaleString(locale)}+` : n.toLocaleString(locale)

export const dashboard: DashboardCatalogue = {
  locale,
  title: 'Support Chats',
  unreadTotal: (n) =>
    n > MOST_UNREAD
      ? `${unreadShort(n)} unread chats`
      : plural(locale, n, { one: '# unread chat', other: '# unread chats' }),
  unreadShort,
  documentTitle: (unread, open) =>
    `${unread > 0 ? `(${unreadShort(unread)}) ` : ''}${open === null ? '' : `${open} · `}Support Chats`,
  skipToChat: 'Skip to the conversation',
  skipToPage: 'Skip to the page',

  menu: 'Menu',
  menuOf: (who) => `Menu, signed in as ${who}`,
  signOut: 'Sign out',
  findAnything: 'Find a chat or a command',
  newChat: 'New chat',
  accountPage: 'Your account',
  cannedReplies: 'Canned replies',
  teamPage: 'Team',
  webhooksPage: 'Webhooks',
  notificationsPage: 'Notifications',
  numbersPage: 'Numbers',
  loadingPage: 'Loading…',
  pageFailed: 'This page did not load.',

  listLabel: 'Chats',
  active: 'Active',
  archived: 'Archived',
  tabsLabel: 'Which chats',
  whoseLabel: 'Whose chats',
  everybody: 'Everybody',
  mine: 'Mine',
  unassigned: 'Unassigned',
  waitingChats: 'Waiting',
  tagFilter: 'Only chats with the tag',
  allTags: 'All tags',
  searchLabel: 'Search people',
  searchAllLabel: 'Search people and messages',
  searchClear: 'Clear search',
  denseList: 'Dense list',
  denserRows: 'More rows',
  fullerRows: 'Larger rows',
  unread: 'Unread',
  you: 'You',
  colon: ': ',
  automated: 'Automated',
  noPreview: 'No messages yet',
  messages: (n) => plural(locale, n, { one: '# message', other: '# messages' }),
  waiting: (n) => plural(locale, n, { other: '# new' }),
  showWaiting: 'Show',
  somethingNew: 'There are new messages above the list.',
  loadingChats: 'Loading chats',
  loadingMore: 'Loading more chats',
  listFailed: 'The chats did not load. Nothing is lost.',
  moreFailed: 'The next chats did not load.',
  retry: 'Try again',
  emptyActive: 'No open chats',
  emptyActiveHint: 'When somebody writes, the chat appears here.',
  emptyArchived: 'Nothing archived',
  emptyArchivedHint: 'Chats you archive move here. A new message from the person brings them back.',
  emptyMine: (archived) => (archived ? 'None of your chats is archived' : 'Nothing is assigned to you'),
  emptyMineHint: 'When you reply to an unassigned chat, it becomes yours. In an open chat, press i to take it.',
  emptyTag: (tag, archived) => `No ${archived ? 'archived' : 'open'} chat has the tag “${tag}”`,
  emptyTagHint: 'Add tags beside an open chat, or press t.',
  emptyUnassigned: 'Nothing is unassigned',
  emptyUnassignedHint: 'Chats that are assigned to nobody appear here.',
  selectChats: 'Select chats',
  emptyWaiting: 'Nobody is waiting',
  emptyWaitingHint: 'Chats that await an answer appear here.',
  emptySearch: (q) => `No chat matches “${q}”`,
  emptySearchHint: (tab) => `Searched names and e-mail addresses in ${tab}.`,
  emptyAllSearch: (q) => `Nothing matches “${q}”`,
  emptyAllSearchHint: (tab) => `Searched names and e-mail addresses in ${tab}, and what was written in every chat.`,

  foundPeople: 'People',
  foundMessages: 'In messages',
  morePeople: 'Show more people',
  searchingMessages: 'Searching messages',
  searchFailed: 'The messages were not searched.',
  noMessage: 'No message matches.',
  searchedTo: (day, isEmpty) => `${isEmpty ? 'Nothing so far. ' : ''}Searched back to ${day}.`,
  searchFurther: 'Search further back',
  foundCount: (people, chats) => {
    const who = plural(locale, people, { one: '# person', other: '# people' })
    if (chats === null) return who
    return `${who}, ${plural(locale, chats, { one: '# chat', other: '# chats' })} in messages`
  },

  conversationLabel: 'Conversation',
  pickTitle: 'Choose a chat',
  pickHint: 'Its messages appear here.',
  pickKeys: 'Press ? for keyboard shortcuts.',
  back: 'Back to chats',
  archive: 'Archive',
  restore: 'Restore',
  online: 'Online now',
  isLooking: (who, others) =>
    others === 0
      ? `${who} is looking`
      : plural(locale, others, { one: `${who} and # more are looking`, other: `${who} and # more are looking` }),
  isWriting: (who, isNote, others) => {
    const what = isNote ? 'a note' : 'a reply'
    return others === 0
      ? `${who} is writing ${what}`
      : plural(locale, others, { other: `${who} and # more are writing` })
  },
  assignedTo: (who) => `Assigned to ${who === 'You' ? 'you' : who}`,
  assignNobody: 'Unassigned. Assign this chat',
  assignLabel: 'Assign to',
  assignPlaceholder: 'Assign to…',
  nobody: 'Nobody',
  yourself: (name) => (name === null ? 'You' : `${name} (you)`),
  loadingColleagues: 'Loading colleagues…',
  colleaguesFailed: 'Your colleagues did not load. Close this and open it again.',
  noColleague: (text) => `No colleague matches “${text}”.`,
  lastSeen: (when) => `Last seen ${when}`,
  isArchived: 'Archived',
  loadingChat: 'Loading the conversation',
  chatFailed: 'The conversation did not load. Nothing is lost.',
  chatMissing: 'This chat does not exist, or it was deleted.',
  toAllChats: 'To all chats',
  conversation: {
    ...conversation,
    placeholder: 'Write a reply',
    note: (message) => (isByEmail(message) ? ' · by e-mail' : message.automated ? ' · Automated' : ''),
  },
  composeLabel: 'What you write',
  reply: 'Reply',
  note: 'Note',
  draft: 'draft',
  noteLabel: 'Note, only staff sees this',
  notePlaceholder: 'Write a note',
  addNote: 'Add note',
  onlyStaff: 'Only staff sees this',
  noteBy: (who) => `Note by ${who}`,
  handedOver: {
    user: 'Asked for a person, so the assistant has stopped answering',
    assistant: 'The assistant asked for a person to answer',
    limit: 'The assistant has answered often, so a person must answer now',
  },
  suggest: 'Suggest a reply',
  suggestStop: 'Stop the suggestion',
  suggestUndo: 'Undo',
  suggestDone: 'A suggested reply is in the box',
  suggestNone: 'There is no suggestion',
  suggestFailed: 'The suggestion did not come. Try again.',
  archivedBy: (who) => (who === null ? 'This chat was archived' : `${who} archived this chat`),
  unarchivedBy: (who) => (who === null ? 'This chat was restored' : `${who} restored this chat`),
  blockedBy: (who) => (who === null ? 'This person was blocked' : `${who} blocked this person`),
  unblockedBy: (who) => (who === null ? 'This person was unblocked' : `${who} unblocked this person`),
  tagged: (who, added, removed) => {
    const list = (tags: readonly string[]): string => tags.map((tag) => `“${tag}”`).join(', ')
    const done = [
      ...(added.length > 0 ? [`added ${list(added)}`] : []),
      ...(removed.length > 0 ? [`removed ${list(removed)}`] : []),
    ].join(' and ')
    return who === null ? `Tags: ${done}` : `${who} ${done}`
  },
  ratedBy: (score, comment) => `The help was rated ${score} of 5${comment === null ? '' : `: “${comment}”`}`,
  unarchivedByMessage: 'Unarchived by a new message',
  mailSent: (address) => `An e-mail about this went to ${address}`,
  mailFailed: (address, reason) => `The e-mail to ${address} was not accepted${because(reason)}`,
  mailUncertain: (address, reason) =>
    `It is uncertain whether the e-mail to ${address} was sent${because(reason)}. It will not be sent again.`,
  mailBounced: {
    bounced: (address, reason) => `The e-mail to ${address} came back${because(reason)}`,
    complained: (address, reason) => `The e-mail to ${address} was reported as spam${because(reason)}`,
    suppressed: (address, reason) => `The mail service holds back e-mails to ${address}${because(reason)}`,
  },
  takenBy: (who) => `${who} took this chat`,
  takenByReply: (who) => `${who} took this chat by replying`,
  assignedBy: (who, to) =>
    who === null ? `Assigned to ${to ?? 'you'}` : `${who} assigned this chat to ${to ?? 'you'}`,
  unassignedBy: (who) => (who === null ? 'This chat was unassigned' : `${who} unassigned this chat`),
  aColleague: 'A colleague',
  goingBack: 'Going back to the message',
  shownMessage: (when) => `The message of ${when} is shown`,
  apart: (back, when) =>
    plural(locale, back, {
      one: `From ${when}, # message back: too far to scroll there from here.`,
      other: `From ${when}, # messages back: too far to scroll there from here.`,
    }),
  toNewest: 'Go to the newest',
  messageMissing: 'That message is not in this chat.',
  goingBackFailed: 'The messages up to that one did not load.',

  infoLabel: 'Details',
  rating: 'Rating',
  faces: ['😞', '🙁', '😐', '🙂', '😀'],
  rated: (score) => `Rated ${score} of 5`,
  tags: 'Tags',
  addTag: 'Add a tag',
  removeTag: (tag) => `Remove the tag ${tag}`,
  chatsWithTag: (tag) => `Chats with the tag ${tag}`,
  name: 'Name',
  email: 'E-mail',
  firstSeen: 'First seen',
  lastSeenLabel: 'Last seen',
  page: 'Page',
  unknown: 'Not given',
  mailBlocks: {
    bounced: 'E-mails are stopped: one came back from this address.',
    complained: 'E-mails are stopped: one was reported as spam.',
    suppressed: 'E-mails are stopped: the mail service holds them back.',
  },
  unblockMail: 'Send e-mails again',
  unsubscribed: 'They unsubscribed from e-mails.',
  resubscribe: 'They want e-mails again',
  resubscribeSure: 'Send e-mails to this person again? Only do it if they asked you to: they unsubscribed themselves.',
  block: 'Block this person',
  blockSure:
    'Block this person? What they write no longer reaches you, and they are told so. They can still read. You can undo it.',
  blockedHint: 'Blocked: nothing that they write reaches you.',
  unblock: 'Unblock',
  isBlocked: 'Blocked',
  visitor: (code) => `Visitor ${code}`,
  unverifiedAddress: (address) => `Unverified: ${address}`,
  unverified: 'Unverified',
  unverifiedHint: 'Typed in the chat by somebody without an account. It may be anybody’s.',
  yes: 'Yes',
  no: 'No',

  failures: {
    archive: 'The chat was not archived. Try again.',
    restore: 'The chat was not restored. Try again.',
    signOut: 'You are still signed in. Try again.',
    unblockMail: 'E-mails to this address are still stopped. Try again.',
    tags: 'The tags were not changed. Try again.',
    assign: 'The chat was not assigned. Try again.',
    startChat: 'The chat did not open. Try again.',
    block: 'The block was not changed. Try again.',
    resubscribe: 'They are still unsubscribed. Try again.',
  },

  offlineBar: 'You are offline. Replies and notes are kept and go out when the connection is back.',
  reconnectingBar: 'Reconnecting… New messages appear as soon as the connection is back.',
  signedOut: 'You are signed out. Sign in to continue where you were.',
  signIn: 'Sign in',

  helpButton: 'Keyboard shortcuts',
  helpTitle: 'Keyboard shortcuts',
  close: 'Close',
  shortcuts: [
    [['j'], 'Next chat'],
    [['k'], 'Previous chat'],
    [['Enter'], 'Open the chat'],
    [['↓', '↑'], 'Next, previous in the list'],
    [['x'], 'Select the chat'],
    [['Shift', '↓'], 'Select the next chat'],
    [['w'], 'Waiting chats'],
    [['r'], 'Write a reply'],
    [['n'], 'Write a note, which only staff sees'],
    [['/'], 'At the start of a line: canned replies'],
    [['i'], 'Take the chat, or give it back'],
    [['a'], 'Assign the chat to somebody'],
    [['t'], 'Add a tag'],
    [['c'], 'Write to somebody first: new chat'],
    [['e'], 'Archive or restore'],
    [['/'], 'Search'],
    [['d'], 'Dense list'],
    [['Ctrl / ⌘', 'K'], 'Find a chat or a command'],
    [['Esc'], 'Back'],
    [['?'], 'This help'],
  ],
  singleKeys: 'Single keys are shortcuts',
  singleKeysHint: 'Turn this off if keys get pressed by accident, as with speech input.',

  bellOn: 'Notifications are on',
  bellOff: 'Notifications are off',
  newInChats: (n) => plural(locale, n, { one: 'New message in # chat', other: 'New messages in # chats' }),

  justNow: 'just now',
  now: 'now',
}
