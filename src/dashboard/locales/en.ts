import { isByEmail } from '../../protocol/by-email.ts'
import { plural } from '../../protocol/plural.ts'
import { conversation } from '../../ui/locales/en.ts'
import type { DashboardCatalogue } from '../catalogue.ts'

const locale = 'en'

export const dashboard: DashboardCatalogue = {
  locale,
  title: 'Support Chats',
  unreadTotal: (n) => plural(locale, n, { one: '# unread chat', other: '# unread chats' }),
  documentTitle: (unread, open) =>
    `${unread > 0 ? `(${unread}) ` : ''}${open === null ? '' : `${open} · `}Support Chats`,
  skipToChat: 'Skip to the conversation',
  skipToPage: 'Skip to the page',

  menu: 'Menu',
  menuOf: (who) => `Menu, signed in as ${who}`,
  signOut: 'Sign out',
  accountPage: 'Your account',
  teamPage: 'Team',
  webhooksPage: 'Webhooks',
  loadingPage: 'Loading…',
  pageFailed: 'This page did not load.',

  listLabel: 'Chats',
  active: 'Active',
  archived: 'Archived',
  tabsLabel: 'Which chats',
  searchLabel: 'Search by e-mail',
  searchAllLabel: 'Search people and messages',
  searchClear: 'Clear search',
  denseList: 'Dense list',
  denserRows: 'More rows',
  fullerRows: 'Larger rows',
  unread: 'Unread',
  you: 'You',
  youPrefix: 'You: ',
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
  emptyActiveHint: 'When somebody writes, the chat appears here by itself.',
  emptyArchived: 'Nothing archived',
  emptyArchivedHint: 'Chats you archive move here. A new message from the person brings them back.',
  emptySearch: (q) => `No chat matches “${q}”`,
  emptySearchHint: (tab) => `Searched by e-mail in ${tab}.`,
  emptyAllSearch: (q) => `Nothing matches “${q}”`,
  emptyAllSearchHint: (tab) => `Searched e-mail addresses in ${tab}, and what was written in every chat.`,

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
  lastSeen: (when) => `Last seen ${when}`,
  isArchived: 'Archived',
  loadingChat: 'Loading the conversation',
  chatFailed: 'The conversation did not load. Nothing is lost.',
  chatMissing: 'This chat does not exist, or it was deleted.',
  toAllChats: 'To all chats',
  conversation: {
    ...conversation,
    placeholder: 'Write a reply',
    note: (message) => (isByEmail(message) ? ' · by e-mail' : ''),
  },
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
  name: 'Name',
  email: 'E-mail',
  firstSeen: 'First seen',
  lastSeenLabel: 'Last seen',
  page: 'Page',
  unknown: 'Not given',
  visitor: (code) => `Visitor ${code}`,
  yes: 'Yes',
  no: 'No',

  failures: {
    archive: 'The chat was not archived. Try again.',
    restore: 'The chat was not restored. Try again.',
    signOut: 'You are still signed in. Try again.',
  },

  offlineBar: 'You are offline. Replies are kept and go out when the connection is back.',
  reconnectingBar: 'Reconnecting… New messages appear as soon as the connection is back.',
  signedOut: 'You are signed out. Sign in, and this page goes on where it was.',
  signIn: 'Sign in',

  helpButton: 'Keyboard shortcuts',
  helpTitle: 'Keyboard shortcuts',
  close: 'Close',
  shortcuts: [
    [['j'], 'Next chat'],
    [['k'], 'Previous chat'],
    [['Enter'], 'Open the chat'],
    [['↓', '↑'], 'Next, previous in the list'],
    [['r'], 'Write a reply'],
    [['e'], 'Archive or restore'],
    [['/'], 'Search'],
    [['d'], 'Dense list'],
    [['Esc'], 'Back'],
    [['?'], 'This help'],
  ],
  singleKeys: 'Single keys are shortcuts',
  singleKeysHint: 'Turn this off if keys get pressed by accident, as with speech input.',

  justNow: 'just now',
  now: 'now',
}
