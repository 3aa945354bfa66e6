import { conversation } from '../../ui/locales/en.ts'
import type { PanelCatalogue } from '../panel-catalogue.ts'

export const words: PanelCatalogue = {
  ...conversation,
  note: ({ automated }) => (automated ? ' · Automated' : ''),
  connection: {
    connecting: 'Connecting…',
    connected: 'Connected',
    reconnecting: 'Reconnecting…',
    offline: 'Offline: messages will be sent later',
  },
  title: 'Support',
  greeting: 'Hi. How can we help?',
  emptyHint: 'Replies show up here.',
  emptyHintMail: 'Replies show up here, and by e-mail if you have left.',
  loading: 'Loading messages',
  loadFailed: 'The conversation did not load. Nothing is lost.',
  signedOut: 'You are signed out. Sign in, then try again.',
  reload: 'You are signed out. Reload the page to go on.',
  signedOutLater: 'Signed out: messages will be sent later',
  notYet: 'Your message stays here until the chat has loaded',
  tryAgain: 'Try again',
  support: 'Support',
  close: 'Close support chat',
  closePanel: 'Close',
}
