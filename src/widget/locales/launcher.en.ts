import type { LauncherCatalogue } from '../launcher-catalogue.ts'

export const words: LauncherCatalogue = {
  open: 'Open support chat',
  close: 'Close support chat',
  unread: (n) => `, ${n} unread`,
  dismiss: 'Dismiss',
  support: 'Support',
  failed: 'It did not load. Check your network or reload.',
}
