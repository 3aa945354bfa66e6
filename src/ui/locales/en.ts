import { plural } from '../../protocol/plural.ts'
import type { ConversationCatalogue } from '../catalogue.ts'
import { files } from './files.en.ts'

const locale = 'en'

export const conversation: ConversationCatalogue = {
  locale,
  log: 'Messages',
  loadingOlder: 'Loading older messages',
  today: 'Today',
  yesterday: 'Yesterday',
  newMessages: 'New',
  jump: 'Jump to newest',
  jumpNew: (n) => plural(locale, n, { one: '# new message', other: '# new messages' }),
  typing: (name) => `${name} is typing…`,

  you: 'You',
  sending: 'Sending…',
  waiting: 'Waiting to send',
  waitingHere: 'Waiting to send. Keep this page open.',
  seen: 'Seen',
  notSent: 'Not sent.',
  reasons: {
    too_long: 'It is too long.',
    blank: 'It has no text.',
    forbidden: 'You may not write here.',
    blocked: 'You can no longer write here.',
    not_found: 'This chat is gone.',
  },
  retry: 'Retry',
  discard: 'Discard',

  copy: 'Copy',
  copied: 'Copied',

  message: 'Message',
  placeholder: 'Write a message',
  send: 'Send',
  noFiles: 'Files cannot be sent here. You can send a link to one.',
  left: (n) => plural(locale, n, { one: '# character left', other: '# characters left' }),
  over: (n) => plural(locale, n, { one: '# character too many', other: '# characters too many' }),

  files,
}
