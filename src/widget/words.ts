// What the launcher says: its own few of the strings, so that the rest of them stays out of the first request.

export const words = {
  open: 'Open support chat',
  close: 'Close support chat',
  unread: (n: number): string => `, ${n} unread`,
  dismiss: 'Dismiss',
  support: 'Support',
}
