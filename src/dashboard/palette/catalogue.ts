import type { Group } from './palette.ts'

/** What the palette says, in one language */
export interface PaletteCatalogue {
  locale: string
  /** Names the dialog, and stands in its box while that is empty */
  label: string
  placeholder: string
  /** `unreadChats`: those that wait, while nothing is typed */
  /** The same where a chat is to be started, and what it says before anything is typed, and where nobody is found */
  newChat: string
  newChatPlaceholder: string
  newChatHint: string
  nobody: (q: string) => string
  /** Beside somebody without a chat */
  noChat: string
  headings: Record<Group['name'], string>
  searching: string
  /** Read out after each change */
  count: (entries: number) => string
  archived: string
  reply: string
  note: string
  searchFor: (q: string) => string
  activeChats: string
  archivedChats: string
  waitingChats: string
  soundOn: string
  soundOff: string
  /** What the keys do, below the list */
  hints: readonly (readonly [keys: readonly string[], what: string])[]
}
