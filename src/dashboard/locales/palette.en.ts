import { plural } from '../../protocol/plural.ts'
import type { PaletteCatalogue } from '../palette/catalogue.ts'

const locale = 'en'

export const palette: PaletteCatalogue = {
  locale,
  label: 'Find a chat or a command',
  placeholder: 'Find a chat or a command',
  newChat: 'New chat',
  newChatPlaceholder: 'Whom do you want to write to?',
  newChatHint: 'Type a name or an e-mail address of somebody who was here before.',
  nobody: (q) => `Nobody who was here matches “${q}”.`,
  noChat: 'No messages yet',
  headings: { commands: 'Commands', chats: 'Chats', unreadChats: 'Unread', people: 'People' },
  searching: 'Searching…',
  count: (n) => plural(locale, n, { one: '# result', other: '# results' }),
  archived: 'Archived',
  reply: 'Write a reply',
  note: 'Write a note',
  searchFor: (q) => `Search for “${q}” in the list`,
  activeChats: 'Go to active chats',
  archivedChats: 'Go to archived chats',
  waitingChats: 'Go to chats that wait for an answer',
  soundOn: 'Turn the sound on',
  soundOff: 'Turn the sound off',
  hints: [
    [['↑', '↓'], 'choose'],
    [['Enter'], 'go'],
    [['Esc'], 'close'],
  ],
}
