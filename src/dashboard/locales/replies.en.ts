import { plural } from '../../protocol/plural.ts'
import type { RepliesCatalogue } from '../pages/replies/catalogue.ts'

const locale = 'en'

export const replies: RepliesCatalogue = {
  locale,
  title: 'Canned replies',
  search: 'Search canned replies',
  loading: 'Loading canned replies…',
  failed: 'The canned replies did not load.',
  retry: 'Try again',
  found: (n) => plural(locale, n, { one: '# canned reply', other: '# canned replies' }),
  noMatch: (query) => `No canned reply matches “${query}”.`,
  none: 'No canned replies yet',
  noneHint: 'Write down once what you answer often. Everybody on the team can use it.',
  manage: 'Manage canned replies',

  hint: 'Type / at the start of a line in a reply to find one of these. The whole team shares them.',
  add: 'New canned reply',
  shortcut: 'Shortcut',
  shortcutHint: 'What you type after the /. One word.',
  replyTitle: 'Title',
  titleHint: 'May be empty. It is searched too.',
  text: 'Text',
  textHint: 'If a name is unknown, {{user.name|there}} becomes “there”.',
  userName: 'Insert their name',
  agentName: 'Insert my name',
  save: 'Save',
  cancel: 'Cancel',
  discard: 'Discard what you typed?',
  edit: 'Edit',
  editOf: (shortcut) => `Edit /${shortcut}`,
  remove: 'Delete',
  removeOf: (shortcut) => `Delete /${shortcut}`,
  removeSure: (shortcut) => `Delete /${shortcut}? The whole team loses it. Messages that were sent stay.`,
  added: (shortcut) => `/${shortcut} was added.`,
  saved: (shortcut) => `/${shortcut} was saved.`,
  removed: (shortcut) => `/${shortcut} was deleted.`,

  importFile: 'Import',
  exportFile: 'Export',
  fileName: 'canned-replies.json',
  imported: ({ added, changed, unchanged }) => `${added} added, ${changed} changed, ${unchanged} unchanged.`,
  noFile: 'This is no file of canned replies. Nothing was imported.',

  refusals: {
    blank: 'A canned reply needs some text. Nothing was saved.',
    too_long: 'A text has at most 10,000 characters. Nothing was saved.',
    shortcut_taken: 'Another canned reply has this shortcut.',
    too_many_replies: 'There are at most 1,000 canned replies. Nothing was saved.',
    invalid_request:
      'Something in it cannot be stored: a shortcut is one word of at most 40 characters, and a title has at most 100. Nothing was saved.',
    body_too_large: 'The file is too large: import it in parts of 8 MB.',
    other: 'That did not work. Try again.',
  },
}
