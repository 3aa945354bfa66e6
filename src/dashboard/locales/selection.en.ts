import { plural } from '../../protocol/plural.ts'
import type { SelectionCatalogue } from '../selection/catalogue.ts'

const locale = 'en'

const CHATS = { one: '# chat', other: '# chats' }
const chats = (n: number): string => plural(locale, n, CHATS)

export const selection: SelectionCatalogue = {
  locale,
  label: 'Selected chats',
  one: (name) => `Select the chat with ${name}`,
  count: (n) => `${n.toLocaleString(locale)} selected`,
  hint: 'Select chats to do something with all of them',
  all: 'Select all that are shown',
  none: 'Select none',
  end: 'Stop selecting',
  archive: 'Archive',
  restore: 'Restore',
  view: 'Mark as viewed',
  assign: 'Assign to…',
  nobody: 'Nobody',
  yourself: (name) => (name === null ? 'You' : `${name} (you)`),
  tag: 'Add a tag',
  addTag: 'Add',
  working: (tried, of) => `${tried.toLocaleString(locale)} of ${of.toLocaleString(locale)}…`,
  done: (work, n) => {
    switch (work.kind) {
      case 'archive':
        return `${chats(n)} archived`
      case 'restore':
        return `${chats(n)} restored`
      case 'view':
        return `${chats(n)} marked as viewed`
      case 'tag':
        return `${chats(n)} tagged “${work.tag}”`
      case 'assign':
        if (work.assigneeId === null) return `${chats(n)} unassigned`
        return `${chats(n)} assigned to ${work.name ?? 'a colleague'}`
    }
  },
  failed: (n, names) =>
    plural(locale, n, {
      one: `It did not work for # chat, which is still selected: ${names}`,
      other: `It did not work for # chats, which are still selected: ${names}`,
    }),
  undo: 'Undo',
}
