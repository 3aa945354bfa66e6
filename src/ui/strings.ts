// Everything the conversation and the widget say, in one place.

const numbers = new Intl.NumberFormat('en')

export const strings = {
  title: 'Support',
  greeting: 'Hi. How can we help?',
  emptyHint: 'Replies show up here, and by e-mail if you have left.',
  close: 'Close support chat',
  /** In the panel's corner, while the launcher's own button is there too */
  closePanel: 'Close',

  connecting: 'Connecting…',
  connected: 'Connected',
  reconnecting: 'Reconnecting…',
  offline: 'Offline: messages will be sent later',

  log: 'Messages',
  loading: 'Loading messages',
  loadingOlder: 'Loading older messages',
  loadFailed: 'The conversation did not load. Nothing is lost.',
  signedOut: 'You are signed out. Reload the page to go on.',
  tryAgain: 'Try again',
  today: 'Today',
  yesterday: 'Yesterday',
  newMessages: 'New',
  jump: 'Jump to newest',
  jumpNew: (n: number): string => (n === 1 ? '1 new message' : `${numbers.format(n)} new messages`),
  you: 'You',
  support: 'Support',
  typing: (name: string): string => `${name} is typing…`,

  sending: 'Sending…',
  waiting: 'Waiting to send',
  seen: 'Seen',
  notSent: 'Not sent.',
  reasons: {
    too_long: 'It is too long.',
    blank: 'It has no text.',
    forbidden: 'You may not write here.',
    not_found: 'This chat is gone.',
  } as Record<string, string>,
  retry: 'Retry',
  discard: 'Discard',

  message: 'Message',
  placeholder: 'Write a message',
  send: 'Send',
  left: (n: number): string => `${numbers.format(n)} characters left`,
  over: (n: number): string => `${numbers.format(n)} characters too many`,
}
